/** Terminals that are on this machine, each as a function from texts to the cells that it moves its cursor by. */
import {execFileSync, spawn, spawnSync} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import graphemesAddon from '@xterm/addon-unicode-graphemes';
import xterm from '@xterm/headless';

export type Emulator = {
	readonly name: string;
	/** undefined: it is not on this machine. */
	readonly version: () => string | undefined;
	readonly cellsOf: (texts: readonly string[]) => Promise<readonly number[]>;
};

/** A terminal's answer where its cursor is. */
const place = /\[\d+;(\d+)R/g;

const inside = fileURLToPath(new URL('inside.ts', import.meta.url));
const environment = {...process.env, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', TERM: 'xterm-256color'};

function firstLine(command: string, ...words: string[]): string | undefined {
	const {stdout, stderr, error} = spawnSync(command, words, {encoding: 'utf8', env: environment});
	return error ? undefined : `${stdout}${stderr}`.split('\n').find(line => line.trim() !== '');
}

/** Starts inside.ts in a terminal and waits for its file. */
async function answersFrom(
	texts: readonly string[],
	start: (command: string[]) => () => void,
): Promise<readonly number[]> {
	const folder = mkdtempSync(path.join(tmpdir(), 'tetratop-widths-'));
	const [from, to] = [path.join(folder, 'texts'), path.join(folder, 'columns')];
	writeFileSync(from, JSON.stringify(texts));
	const stop = start([process.execPath, inside, from, to]);
	while (!existsSync(to)) {
		await new Promise(resolve => setTimeout(resolve, 50));
	}

	const columns = JSON.parse(readFileSync(to, 'utf8')) as number[];
	stop();
	rmSync(folder, {recursive: true});
	return columns.slice(0, texts.length);
}

function inTmux(command: string[]): () => void {
	const words = ['-u', '-L', 'tetratop-widths', '-f', '/dev/null'];
	execFileSync('tmux', [...words, 'new-session', '-d', '-x', '200', '-y', '24', ...command], {env: environment});
	return () => spawnSync('tmux', [...words, 'kill-server']);
}

function inScreen(command: string[]): () => void {
	const child = spawn('screen', ['-U', '-c', '/dev/null', '-D', '-m', '-S', 'tetratop-widths', ...command], {
		env: environment,
		stdio: 'ignore',
	});
	return () => child.kill();
}

function inXterm(command: string[]): () => void {
	const words = ['-a', 'xterm', '-u8', '-geometry', '200x24', '-e', ...command];
	const child = spawn('xvfb-run', words, {env: environment, stdio: 'ignore'});
	return () => child.kill();
}

/** The C library's answer, by which many programs place their cursor. -1 (not printable) is given as -1. */
function glibc(texts: readonly string[]): readonly number[] {
	const script = [
		'import ctypes, json, locale, sys',
		'locale.setlocale(locale.LC_ALL, "C.UTF-8")',
		'libc = ctypes.CDLL("libc.so.6")',
		'json.dump([sum(libc.wcwidth(ord(c)) for c in t) for t in json.load(sys.stdin)], sys.stdout)',
	].join('\n');
	const answer = execFileSync('python3', ['-c', script], {
		input: JSON.stringify(texts),
		encoding: 'utf8',
		env: environment,
		maxBuffer: 1 << 26,
	});
	return JSON.parse(answer) as number[];
}

/** A terminal of VS Code and of browsers, within this process. */
export async function inXtermJs(texts: readonly string[], hasGraphemes: boolean): Promise<readonly number[]> {
	const terminal = new xterm.Terminal({cols: 200, rows: 2, allowProposedApi: true});
	if (hasGraphemes) {
		terminal.loadAddon(new graphemesAddon.UnicodeGraphemesAddon());
	}

	const columns: number[] = [];
	terminal.onData(answer => {
		for (const [, column] of answer.matchAll(place)) {
			columns.push(Number(column) - 1);
		}
	});
	for (let first = 0; first < texts.length; first += 1000) {
		const drawn = texts.slice(first, first + 1000).map(text => `\r\u001B[2K${text}\u001B[6n`);
		await new Promise<void>(resolve => terminal.write(drawn.join(''), resolve));
	}

	terminal.dispose();
	return columns;
}

export const emulators: readonly Emulator[] = [
	{name: 'tmux', version: () => firstLine('tmux', '-V'), cellsOf: async texts => answersFrom(texts, inTmux)},
	{
		name: 'screen',
		version: () => firstLine('screen', '--version'),
		cellsOf: async texts => answersFrom(texts, inScreen),
	},
	{
		name: 'xterm',
		version: () => (firstLine('xvfb-run', '--help') === undefined ? undefined : firstLine('xterm', '-version')),
		cellsOf: async texts => answersFrom(texts, inXterm),
	},
	{name: 'glibc', version: () => firstLine('ldd', '--version'), cellsOf: async texts => glibc(texts)},
	{name: 'xterm.js', version: () => '@xterm/headless', cellsOf: async texts => inXtermJs(texts, false)},
	{
		name: 'xterm.js with graphemes',
		version: () => '@xterm/headless, @xterm/addon-unicode-graphemes',
		cellsOf: async texts => inXtermJs(texts, true),
	},
];
