/**
The report of a crash: a file with the facts that its cause is found by, and five lines for stderr that name the file. Error
messages may hold foreign text, so both are made safe.
*/
import {mkdirSync, writeFileSync} from 'node:fs';
import {release, tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import {inspect} from 'node:util';
import {safe} from '../../text/safe.js';

const shownVariables = [
	'TERM',
	'COLORTERM',
	'TERM_PROGRAM',
	'LANG',
	'LC_ALL',
	'LC_CTYPE',
	'NO_COLOR',
	'TMUX',
	'STY',
] as const;

type ShownVariable = (typeof shownVariables)[number];

/** sysexits.h: EX_SOFTWARE. */
export const crashExitCode = 70;

export type CrashFacts = {
	readonly version: string;
	/** `process.env` fits. */
	readonly environment: {readonly [name in ShownVariable | 'XDG_STATE_HOME']?: string | undefined};
	readonly columns: number;
	readonly rows: number;
	/** Names of the last actions, oldest first. */
	readonly actions: readonly string[];
	readonly kind: 'uncaughtException' | 'unhandledRejection';
};

function reportOf(error: unknown, facts: CrashFacts): string {
	const {environment} = facts;
	const memory = process.memoryUsage();
	const lines = [
		`tetratop ${facts.version}`,
		`node ${process.version} ${process.platform} ${process.arch} ${release()}`,
		`time ${new Date().toISOString()}, up ${Math.round(process.uptime())} s, rss ${memory.rss >> 20} MiB, heap ${memory.heapUsed >> 20} MiB`,
		`terminal ${facts.columns}x${facts.rows} ${shownVariables
			.filter(name => environment[name] !== undefined)
			.map(name => `${name}=${environment[name]}`)
			.join(' ')}`,
		`actions ${facts.actions.join(' ') || 'none'}`,
		facts.kind,
		'',
		...inspect(error, {depth: 4, breakLength: 120}).split('\n'),
	];
	return `${lines.map(line => safe(line)).join('\n')}\n`;
}

/** Writes the report, readable by the user alone. Returns its path; undefined: it could be written to no folder. */
export function writeReport(error: unknown, facts: CrashFacts): string | undefined {
	const state = facts.environment.XDG_STATE_HOME;
	const folders = state?.startsWith('/') ? [join(state, 'tetratop'), tmpdir()] : [tmpdir()];
	for (const folder of folders) {
		// Imported only here: it takes 6 ms, which a start without a crash must not pay.
		const {randomBytes} = process.getBuiltinModule('node:crypto');
		const path = join(folder, `tetratop-crash-${randomBytes(6).toString('hex')}.txt`);
		try {
			mkdirSync(folder, {recursive: true, mode: 0o700});
			// wx: never through a link that somebody has put into a shared folder
			writeFileSync(path, reportOf(error, facts), {flag: 'wx', mode: 0o600});
			return path;
		} catch {
			// The next folder.
		}
	}
	return undefined;
}

/** For stderr, after the terminal is given back. */
export function crashMessage(error: unknown, facts: CrashFacts, path: string | undefined): string {
	const what = error instanceof Error ? `${error.name}: ${error.message}` : inspect(error, {depth: 1});
	return [
		`tetratop ${facts.version} broke: ${safe(what, 500)}`,
		`terminal: ${safe(facts.environment.TERM ?? 'unknown')} ${facts.columns}x${facts.rows}, last action: ${safe(facts.actions.at(-1) ?? 'none')}`,
		path === undefined ? 'The report could not be written; the trace follows.' : `The report is in ${safe(path)}`,
		"It holds the trace and your last keys' actions, no events. Please send it with what you were doing.",
		path === undefined && error instanceof Error
			? (error.stack ?? '')
					.split('\n')
					.map(line => safe(line))
					.join('\n')
			: '',
	]
		.filter(line => line !== '')
		.join('\n')
		.concat('\n');
}
