/**
Says of the bytes of an event, without decoding them, whether its text can hold what is searched. It may let too much through and
never too little: a text is in the bytes as it is, but for numbers, names of enums and the words that describe/ adds; so only a
run of letters that is in no such word is looked for.
*/
import {syscallArguments} from '../tetragon/describe/syscall-arguments.js';
import {syscallNames} from '../tetragon/describe/syscall-names.js';
import {enums, messages} from '../tetragon/wire/schema.js';

/** Bytes as Latin-1 text. */
export type RawEvent = {readonly text: string; readonly isJson: boolean; readonly isHook: boolean};

/** The words that describe/ writes in its own letters. */
export const ownWords =
	'access accept addr any append argument arguments base bind bpf byte bytes capabilities cgroup chmod chown chroot clock close conn content count cred daddr dport dropped effective egid entries error euid event events exec exit exporter family flags fsgid fsuid functions GetEventsResponse gid hex host includes instructions inum ipc its kinds kprobe KprobeFunc label level limit link listen load long lsm mkdir mmap mnt mod module mount name names namespace net none number object offset open owner path perf perf_event pid pivot port proc_exec_connector protocol ptrace rate raw_syscalls read recv rename rmdir ruid runtime saddr schema security_ send setns sets setuid sgid signature_ok sock socket sport string struct subsys suid symbol sys sys_enter_ syscall tainted test text that the thr throttle throttling time timestamp trunc type uid umount undefined unix unknown unlink unsigned uprobe usdt user userns uts value void wire without write true false null NaN Infinity UTC _arg without latin throttle_ number_of_dropped_process_events syscall_id __x __arm __ia';

let derived: {readonly everywhere: string; readonly ofHooks: string} | undefined;

function derivedWords() {
	derived ??= {
		everywhere: [...Object.values(enums), 'exec exit unknown event test load limit'].join('\n').toLowerCase(),
		ofHooks: [
			ownWords,
			...Object.values(enums),
			...Object.values(messages),
			...Object.values(syscallNames),
			syscallArguments,
		]
			.join('\n')
			.toLowerCase(),
	};
	return derived;
}

/** The longest run of letters that no derived word has. */
function longestRun(value: string, words: string): string {
	const runs = value.match(/[a-z_]{3,}/gi) ?? [];
	return runs
		.filter(run => !/^[a-f]+$/i.test(run) && !words.includes(run.toLowerCase()))
		.reduce((longest, run) => (run.length > longest.length ? run : longest), '');
}

/** @param isFolded capitals and small letters are the same. */
export function rawScreen(value: string, isFolded: boolean): (raw: RawEvent) => boolean {
	// An address is a text in the bytes; a number of its own has at most one point.
	const address = /\d+(?:\.\d+){2,3}/.exec(value)?.[0] ?? '';
	const everywhere = value.includes('\\') ? '' : longestRun(value, derivedWords().everywhere) || address;
	const ofHooks = value.includes('\\') ? '' : longestRun(value, derivedWords().ofHooks) || address;

	function prepared(piece: string): string {
		return isFolded ? piece.toLowerCase() : piece;
	}

	const pieces = {hook: prepared(ofHooks), other: prepared(everywhere)};
	return ({text, isJson, isHook}) => {
		const piece = isHook ? pieces.hook : pieces.other;
		if (piece === '' || text.includes(piece)) {
			return true;
		}

		if (isFolded && text.toLowerCase().includes(piece)) {
			return true;
		}

		// A JSON line can write a letter as \u0073, and bytes as base64.
		return isJson && (text.includes('\\u') || text.includes('bytes_arg') || text.includes('bytesArg'));
	};
}
