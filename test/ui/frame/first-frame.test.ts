import assert from 'node:assert/strict';
import {Writable} from 'node:stream';
import test from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import xterm from '@xterm/headless';
import type {Frame} from '../../../source/ui/frame/app.js';
import {frameText} from '../../../source/ui/frame/first-frame.js';
import {mount} from '../../../source/ui/frame/mount.js';
import type {TerminalOutput} from '../../../source/ui/terminal/output.js';

const columns = 40;
const rows = 8;

/** Characters and colours of every cell, and where the cursor is. */
function cells(terminal: InstanceType<typeof xterm.Terminal>): readonly string[] {
	const {active} = terminal.buffer;
	const lines = Array.from({length: rows}, (_, y) =>
		Array.from({length: columns}, (_, x) => {
			const cell = active.getLine(y)?.getCell(x);
			return `${cell?.getChars() || ' '}${cell?.getFgColor()}${cell?.isBold()}${cell?.isInverse()}`;
		}).join('|'),
	);
	return [...lines, `cursor in row ${active.cursorY}`];
}

/** A terminal at the other end of an output, as the session leaves it: no wrapping. */
function screen() {
	const terminal = new xterm.Terminal({cols: columns, rows, allowProposedApi: true, convertEol: true});
	terminal.write('\u001B[?7l');
	let bytes = 0;
	const output = Object.assign(
		new Writable({
			write(chunk: Buffer, _encoding, done) {
				bytes += chunk.length;
				terminal.write(chunk, done);
			},
		}),
		{columns, rows, isTTY: true},
	) as unknown as TerminalOutput;

	/** The cells, once this text is in the first row: each frame is one write. */
	async function shown(text: string): Promise<readonly string[]> {
		while (!terminal.buffer.active.getLine(0)?.translateToString().includes(text)) {
			await sleep(5);
		}

		return cells(terminal);
	}

	return {output, shown, bytes: () => bytes};
}

function source(first: Frame) {
	let frame = first;
	let publish: () => void = () => {};
	return {
		subscribe(listener: () => void) {
			publish = listener;
			return () => {};
		},
		current: () => frame,
		show(next: Frame) {
			frame = next;
			publish();
		},
	};
}

function frameWith(counter: string, row: string): Frame {
	return {
		columns,
		rows,
		bands: [
			{
				id: 'top',
				height: 1,
				columns: [{width: columns, rows: [`\u001B[1mtetratop\u001B[22m ${counter}`.padEnd(columns + 9)]}],
			},
			{
				id: 'body',
				height: 6,
				columns: [
					{width: 20, rows: ['│\u001B[31m✖ killed\u001B[39m'.padEnd(30), '├─ cat'.padEnd(20), row.padEnd(20)]},
					{width: 20, rows: Array.from({length: 6}, (_, index) => `\u001B[7m${index}\u001B[27m${'·'.repeat(19)}`)},
				],
			},
			{id: 'keys', height: 1, columns: [{width: columns, rows: ['? help  q back'.padEnd(columns)]}]},
		],
	};
}

test('the first frame, drawn by hand, is the one that Ink draws, and Ink goes on from it', {
	timeout: 60_000,
}, async () => {
	const first = frameWith('1', 'x');
	const second = frameWith('22', 'a longer row');
	const byInk = screen();
	const inkSource = source(first);
	mount(inkSource, byInk.output, false);
	const byHand = screen();
	byHand.output.write(frameText(first));
	assert.deepEqual(await byHand.shown('tetratop 1 '), await byInk.shown('tetratop 1 '));

	const before = byHand.bytes();
	const handSource = source(first);
	mount(handSource, byHand.output, true);
	// A write that must not come cannot be waited for.
	await sleep(60);
	assert.deepEqual(await byHand.shown('tetratop 1 '), await byInk.shown('tetratop 1 '));
	assert.equal(byHand.bytes(), before, 'rows that are on the screen are not written again');

	inkSource.show(second);
	handSource.show(second);
	assert.deepEqual(await byHand.shown('tetratop 22 '), await byInk.shown('tetratop 22 '));
	assert.ok(byHand.bytes() > before);
});

test('a frame that changed while Ink was loaded is drawn whole', {timeout: 60_000}, async () => {
	const byInk = screen();
	mount(source(frameWith('2', '')), byInk.output, false);
	const byHand = screen();
	byHand.output.write(frameText(frameWith('1', 'a row that goes')));
	mount(source(frameWith('2', '')), byHand.output, false);
	assert.deepEqual(await byHand.shown('tetratop 2 '), await byInk.shown('tetratop 2 '));
});
