/** Signals and exit codes in words. Numbers are those of Linux on x86-64 and arm64. */
import {table} from '../../runtime/table.js';

const names: Readonly<Record<number, string>> = {
	1: 'SIGHUP',
	2: 'SIGINT',
	3: 'SIGQUIT',
	4: 'SIGILL',
	5: 'SIGTRAP',
	6: 'SIGABRT',
	7: 'SIGBUS',
	8: 'SIGFPE',
	9: 'SIGKILL',
	10: 'SIGUSR1',
	11: 'SIGSEGV',
	12: 'SIGUSR2',
	13: 'SIGPIPE',
	14: 'SIGALRM',
	15: 'SIGTERM',
	31: 'SIGSYS',
};

/** `SIGKILL`; of a number without a name `signal 40`. */
export function signalName(number: number): string {
	return names[number] ?? `signal ${number}`;
}

/** The signal that a shell means by this exit code; undefined: it means none. */
export function signalOfCode(status: number): string | undefined {
	return status > 128 && status < 160 ? names[status - 128] : undefined;
}

/** Signals that a process brings on itself, with what each means. */
const faults: Readonly<Record<string, string>> = table({
	SIGSEGV: 'a segmentation fault: it used memory that is not its own',
	SIGBUS: 'a bus error: it used memory that is not there',
	SIGILL: 'an instruction that the processor does not know',
	SIGFPE: 'an arithmetic error, such as a division by 0',
	SIGTRAP: 'a trap without a debugger',
	SIGABRT: 'abort(): it gave up by itself, as a failed assertion does',
	SIGSYS: 'a system call that its seccomp profile does not allow',
});

/** undefined: not a signal of this kind. */
export function faultWords(signal: string): string | undefined {
	return faults[signal];
}

/** What an exit code means. */
export function codeWords(status: number): string {
	if (status === 0) {
		return 'exit code 0: it had finished';
	}

	const signal = signalOfCode(status);
	return signal === undefined
		? `exit code ${status}, its own`
		: `exit code ${status}, its own, no signal (128 + ${status - 128} is how shells report ${signal} of a child)`;
}
