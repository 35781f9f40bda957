/**
Makes the pictures of the README from the program itself: starts the demo in a real pty, drives it with keys, and draws
what an xterm holds as SVG. `npm run screenshots` after `npm run build`.
*/
import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {spawn} from '@lydell/node-pty';
import {UnicodeGraphemesAddon} from '@xterm/addon-unicode-graphemes';
import xterm from '@xterm/headless';

type Shot = {
	readonly name: string;
	readonly columns: number;
	readonly rows: number;
	/** Keys to press, each after the screen matches its pattern. */
	readonly steps: ReadonlyArray<readonly [RegExp, string]>;
	readonly until: RegExp;
};

const shots: readonly Shot[] = [
	{name: 'demo-120x40', columns: 120, rows: 40, steps: [[/KILLED/, 'e']], until: /proof/i},
	{name: 'demo-80x24', columns: 80, rows: 24, steps: [], until: /KILLED/},
	{name: 'filter', columns: 120, rows: 40, steps: [[/KILLED/, '/xw']], until: /xwing/},
	{name: 'policies', columns: 120, rows: 40, steps: [[/KILLED/, '4']], until: /POLICIES/},
	{name: 'nodes', columns: 120, rows: 40, steps: [[/KILLED/, '5']], until: /worker-3/},
];

const root = fileURLToPath(new URL('..', import.meta.url));
const images = path.join(root, 'docs', 'images');

const palette = ['#1d1f21', '#cc6666', '#8fbf5f', '#e0b050', '#6f9fd8', '#b58fc9', '#7fc0b8', '#c5c8c6'];
const bright = ['#707880', '#ff7070', '#a8e070', '#ffd060', '#80b8ff', '#d8a8f0', '#90e8dc', '#ffffff'];
const background = '#1d1f21';
const foreground = '#c5c8c6';
const cellWidth = 8.4;
const cellHeight = 17;

function escapeXml(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function colourOf(index: number): string {
	return (index < 8 ? palette[index] : bright[index - 8]) ?? foreground;
}

type Run = {
	readonly column: number;
	readonly text: string;
	readonly style: string;
	readonly behind: string | undefined;
};
type Cell = NonNullable<ReturnType<NonNullable<ReturnType<XtermBuffer['getLine']>>['getCell']>>;
type XtermBuffer = InstanceType<typeof xterm.Terminal>['buffer']['active'];

/** A cell with its look; neighbours of the same look are drawn as one text. */
function runOf(cell: Cell, column: number): Run {
	const own = cell.isFgDefault() ? foreground : colourOf(cell.getFgColor());
	const fill = cell.isInverse() ? background : own;
	const behind = cell.isInverse() ? own : cell.isBgDefault() ? undefined : colourOf(cell.getBgColor());
	const style = [
		`fill="${fill}"`,
		...(cell.isBold() ? ['font-weight="bold"'] : []),
		...(cell.isDim() ? ['opacity="0.6"'] : []),
		...(cell.isUnderline() ? ['text-decoration="underline"'] : []),
		...(behind ? [`data-behind="${behind}"`] : []),
	].join(' ');
	return {column, text: cell.getChars() || ' ', style, behind};
}

/** `end`: the column behind the run. Its width is fixed, so that any font keeps the grid. */
function drawn({column, text, style, behind}: Run, end: number, y: number): string[] {
	const x = (8 + column * cellWidth).toFixed(1);
	const width = ((end - column) * cellWidth).toFixed(1);
	const box = behind ? [`<rect x="${x}" y="${y}" width="${width}" height="${cellHeight}" fill="${behind}"/>`] : [];
	return text.trim() === ''
		? box
		: [
				...box,
				`<text x="${x}" y="${y + 13}" textLength="${width}" xml:space="preserve" ${style}>${escapeXml(text)}</text>`,
			];
}

/** What the terminal shows, cell by cell. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one pass over the cells of the screen
function svg(terminal: InstanceType<typeof xterm.Terminal>): string {
	const {cols, rows, buffer} = terminal;
	const width = cols * cellWidth + 16;
	const height = rows * cellHeight + 16;
	const parts = [
		`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14">`,
		`<rect width="100%" height="100%" rx="6" fill="${background}"/>`,
	];
	for (let row = 0; row < rows; row++) {
		const line = buffer.active.getLine(buffer.active.viewportY + row);
		const y = 8 + row * cellHeight;
		let run: Run | undefined;
		for (let column = 0; column <= cols; column++) {
			const cell = column < cols ? line?.getCell(column) : undefined;
			if (cell?.getWidth() === 0) {
				continue;
			}

			const next = cell && runOf(cell, column);
			if (run && next && run.style === next.style) {
				run = {...run, text: run.text + next.text};
				continue;
			}

			if (run) {
				parts.push(...drawn(run, column, y));
			}

			run = next;
		}
	}

	return `${parts.join('\n')}\n</svg>\n`;
}

function screenOf(terminal: InstanceType<typeof xterm.Terminal>): string {
	return Array.from(
		{length: terminal.rows},
		(_, row) => terminal.buffer.active.getLine(terminal.buffer.active.viewportY + row)?.translateToString(true) ?? '',
	).join('\n');
}

async function take(shot: Shot): Promise<void> {
	const terminal = new xterm.Terminal({cols: shot.columns, rows: shot.rows, allowProposedApi: true});
	terminal.loadAddon(new UnicodeGraphemesAddon());
	const {NO_COLOR: _colour, CI: _ci, ...environment} = process.env;
	const env = {...environment, LANG: 'C.UTF-8', TZ: 'UTC'};
	const program = spawn(process.execPath, [path.join(root, 'bin', 'tetratop.js'), 'demo'], {
		cols: shot.columns,
		rows: shot.rows,
		name: 'xterm-256color',
		env,
	});
	program.onData(data => terminal.write(data));
	async function until(pattern: RegExp): Promise<void> {
		for (let tries = 0; tries < 150; tries++) {
			if (pattern.test(screenOf(terminal))) {
				return;
			}

			await sleep(100);
		}

		throw new Error(`${shot.name}: the screen never showed ${pattern}\n${screenOf(terminal)}`);
	}

	try {
		for (const [pattern, keys] of shot.steps) {
			await until(pattern);
			program.write(keys);
		}

		await until(shot.until);
		await sleep(1500);
		await writeFile(path.join(images, `${shot.name}.svg`), svg(terminal));
	} finally {
		program.write('\u0003');
		program.kill();
	}
}

await mkdir(images, {recursive: true});
for (const shot of shots) {
	await take(shot);
	console.log(`docs/images/${shot.name}.svg`);
}

process.exit(0);
