/** What the end of an exec says: its final Status on channel 3, and what the command wrote to stderr. */
import {parseBounded} from '../../runtime/bounded-json.js';
import {asStatus, type Status} from '../api/objects.js';
import type {Verdict} from './tunnel.js';

/** Characters of a Status that is no JSON. */
const wordsKept = 2000;

/**
undefined: neither a Status nor stderr came.
@param status the text of channel 3. A real server sends a Status without `kind` and `apiVersion`; the oldest protocols send
plain text, and only when the command failed.
*/
export function verdictOf(status: string, stderr: string): Verdict | undefined {
	const said = stderr.trim();
	if (status.trim() === '') {
		return said === '' ? undefined : {words: said, hasFailed: true};
	}

	const parsed = readStatus(status);
	if (parsed?.status === 'Success') {
		return {words: said, hasFailed: false};
	}

	const why = parsed === undefined ? status.trim().slice(0, wordsKept) : wordsOf(parsed);
	const exit = exitCodeOf(parsed);
	if (exit === undefined) {
		return {words: said === '' ? why : `${why}: ${said}`, hasFailed: true};
	}

	// The command's own words come first: "command terminated with exit code 1" explains nothing.
	return {
		words: said === '' ? `the command ended with exit code ${exit}` : `${said} (exit code ${exit})`,
		hasFailed: true,
	};
}

function readStatus(text: string): Status | undefined {
	try {
		const status = asStatus(parseBounded(Buffer.from(text)));
		const isStatus = status?.status !== undefined || status?.message !== undefined || status?.reason !== undefined;
		return isStatus ? status : undefined;
	} catch {
		return undefined;
	}
}

/** undefined: the command did not run to its end by itself. */
function exitCodeOf(status: Status | undefined): string | undefined {
	return status?.details?.causes?.find(({reason}) => reason === 'ExitCode')?.message;
}

function wordsOf({message, reason, code, details}: Status): string {
	const causes = (details?.causes ?? []).flatMap(cause => cause.message ?? cause.reason ?? []);
	const [words] = [message, causes.join('; '), reason].filter(text => text !== undefined && text.trim() !== '');
	return (
		words ??
		(code === undefined ? 'the command failed, and the server does not say why' : `the command failed (${code})`)
	);
}

/**
Returns true when the container runtime, or a shell, did not find the program. A command that ended with another exit code
was started: its "No such file or directory" is about one of its own files.
@param reason of a tunnel, or the words of kubectl.
*/
export function isNotInstalled(reason: string, program: string): boolean {
	const [, exit] = /exit (?:code|status) (\d+)/.exec(reason) ?? [];
	if (exit !== undefined) {
		return exit === '126' || exit === '127';
	}

	return reason.includes(program) && notFound.test(reason);
}

/** runc: `exec: "nc": executable file not found in $PATH`, `exec: "/bin/nc": stat /bin/nc: no such file or directory`; crun: "executable file `nc` not found". */
const notFound =
	/executable file (?:\S+ )?not found|exec(?:ing)?:? .*no such file or directory|stat .*no such file or directory/i;
