/** The exit codes; scripts may rely on them. */
export const exitCodes = {
	success: 0,
	failure: 1,
	usage: 2,
	/** kills --fail-on: one was seen. */
	found: 3,
	crash: 70,
	hungUp: 129,
	interrupted: 130,
	terminated: 143,
} as const;

export const exitCodeWords: ReadonlyArray<readonly [number, string]> = [
	[exitCodes.success, 'Success, also when the reader of a pipe left early.'],
	[exitCodes.failure, 'Failure: no agent answered, a file could not be read, the cluster refused.'],
	[exitCodes.usage, 'The command line, the environment or the configuration is wrong; doctor: no agent answers.'],
	[exitCodes.found, 'kills --fail-on: an enforcement of that state was seen.'],
	[
		exitCodes.crash,
		'A fault of tetratop; the terminal was restored and a report written. Lines: an event could not be printed.',
	],
	[
		exitCodes.interrupted,
		`Ended by SIGINT (Ctrl-C) without a screen; ${exitCodes.hungUp} SIGHUP, ${exitCodes.terminated} SIGTERM.`,
	],
];
