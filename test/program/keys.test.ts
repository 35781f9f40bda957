import assert from 'node:assert/strict';
import test from 'node:test';
import {TestAgent} from '../agent/agent.js';
import type {Pty} from '../terminal/pty.js';
import {framesOf} from '../tetragon/recorded.js';
import {copiesIn} from './bytes.js';
import {addressOf, openProgram, rowsWith, still} from './program.js';

const esc = '\u001B';

/** The program over an agent that has sent a recording and sends no more until it is told to. */
async function withAgent(
	recording: string,
	[columns, rows]: readonly [number, number],
	use: (pty: Pty, agent: TestAgent) => Promise<void>,
): Promise<void> {
	await using agent = await TestAgent.start({frames: framesOf(recording)});
	const pty = openProgram(['--server-address', addressOf(agent)], {columns, rows});
	try {
		await pty.waitFor(new RegExp(`${framesOf(recording).length} of ${framesOf(recording).length} shown`), 20_000);
		await still(pty);
		await use(pty, agent);
		pty.write('Q');
		assert.deepEqual(await pty.exited, {exitCode: 0, signal: undefined});
	} finally {
		await pty.close();
	}
}

/** The row with the cursor in the pane that has the keys, and where it stands. */
function cursor(pty: Pty): {row: number; text: string} {
	const rows = pty.screen();
	const from = rows.findIndex(row => row.startsWith('[2 FEED]'));
	const to = rows.findIndex(row => row.startsWith('[3 KILLS]'));
	const row = rows.findIndex((text, index) => index > from && (to === -1 || index < to) && text.startsWith('▸'));
	return {row, text: (rows[row] ?? '').trimEnd()};
}

async function cursorMoves(pty: Pty, keys: string, lines: number): Promise<void> {
	const before = cursor(pty);
	const all = pty.screen();
	pty.write(keys);
	await still(pty);
	const after = cursor(pty);
	assert.notEqual(after.text, before.text);
	assert.equal(after.row - before.row, lines, `${before.text}\n${after.text}`);
	// The view itself stood still.
	assert.equal(after.text.slice(1), all[after.row]?.trimEnd().slice(1));
}

test('moving, following, pausing: nothing moves under the reader', async () => {
	await withAgent('tutorial-plain', [80, 40], async (pty, agent) => {
		// At the newest: nothing below.
		pty.write('kkkkkk');
		await pty.waitFor(/SCROLLED \+0 new/);
		await still(pty);
		await cursorMoves(pty, 'jjj', 3);
		await cursorMoves(pty, `${esc}[A${esc}[A`, -2);
		await cursorMoves(pty, `${esc}OB`, 1);

		const chosen = cursor(pty);
		agent.send(framesOf('tracepoint').slice(0, 440));
		await pty.waitFor(/SCROLLED \+440 new/);
		await still(pty);
		assert.deepEqual(cursor(pty), chosen);

		pty.write('G');
		await pty.waitFor(/LIVE/);
		await still(pty);
		assert.notEqual(cursor(pty).text, chosen.text);

		pty.write('p');
		await pty.waitFor(/PAUSED/);
		const frozen = pty.screen().slice(2, -2);
		agent.send(framesOf('uprobe'));
		await pty.waitFor(/\+52 new/);
		assert.deepEqual(pty.screen().slice(2, -2), frozen);
		pty.write('p');
		await pty.waitFor(/LIVE/);
		await pty.waitFor(/uprobe/);

		// What is no key does nothing; a whole sequence is never its letters.
		await still(pty);
		// Not the tree: its rates go on.
		function feed(): string[] {
			return pty.screen().slice(pty.screen().findIndex(row => row.startsWith('[2 FEED]')));
		}

		const before = feed();
		pty.write(`${esc}[1;99Q${esc}[?62;c${esc}[200~qqq:q\r${esc}[201~${esc}]11;rgb:0/0/0\u0007${esc}Pq;q${esc}\\`);
		pty.write('\u0001\u0002\u0011\u001D');
		await still(pty);
		assert.deepEqual(feed(), before);
	});
});

test('panes, zoom, detail, raw JSON, menus and the way back', async () => {
	await withAgent('tutorial-plain', [120, 40], async pty => {
		const titles = /[1-5] (Processes|Events|Kill alerts|POLICIES|NODES)/g;

		function shown(): string[] {
			return [...pty.text().matchAll(titles)].map(([, name]) => name ?? '');
		}

		pty.write('f');
		await pty.waitFor(() => !shown().includes('Processes'));
		pty.write('1');
		await pty.waitFor(() => shown().join() === 'Processes');
		pty.write('\t');
		await pty.waitFor(() => shown().join() === 'Events');
		pty.write('f');
		await pty.waitFor(() => shown().length === 3);
		pty.write('4');
		await pty.waitFor(() => shown().join() === 'POLICIES');
		await pty.waitFor(/file-monitoring/);
		pty.write('5');
		await pty.waitFor(() => shown().join() === 'NODES');
		await pty.waitFor(/minikube .*streaming/);
		pty.write('[');
		await pty.waitFor(() => shown().join() === 'POLICIES');
		pty.write(']');
		await pty.waitFor(() => shown().join() === 'NODES');
		pty.write('2');
		await pty.waitFor(() => shown().length === 3);

		// The kill: its detail, its JSON, its values as filters and on the clipboard.
		pty.write('e');
		await pty.waitFor(/KILLED by policy/);
		pty.write('y');
		await pty.waitFor(/"process_kprobe": \{/);
		pty.write('c');
		await pty.waitFor(/copied: /);
		const clipboard = copiesIn(pty.raw());
		assert.equal(clipboard.length, 1);
		assert.ok((clipboard[0] ?? '').length > 3);
		pty.write('C');
		await pty.waitFor(/kubectl/);
		pty.write(esc);
		await pty.waitFor(text => !text.includes('kubectl'));
		pty.write('=');
		await pty.waitFor(/only/i);
		await still(pty);
		const [before = ''] = rowsWith(pty, /\d+ of 235 shown/);
		pty.write('\r');
		await pty.waitFor(/✕ │ \d+ of 235 shown/);
		assert.notEqual(rowsWith(pty, /\d+ of 235 shown/)[0], before);
		pty.write('[');
		await pty.waitFor(/235 of 235 shown/);
		pty.write('!');
		await still(pty);
		pty.write('\r');
		await pty.waitFor(/✕ │ \d+ of 235 shown/);
		pty.write('[');
		await pty.waitFor(/235 of 235 shown/);
	});
});

test('the prompt: mistakes in place, highlight, commands, help with a search', async () => {
	await withAgent('tutorial-plain', [100, 30], async pty => {
		pty.write('/bin~[');
		await pty.waitFor(/"\[" is not a regular expression: missing closing \]/);
		pty.write('\r');
		await still(pty);
		assert.match(pty.text(), /\/bin~\[/, 'Enter keeps what cannot be');
		pty.write('\u0015bin=curl\r');
		await pty.waitFor(/bin=curl ✕ │ \d+ of 235 shown/);
		pty.write('/po');
		await still(pty);
		pty.write(esc);
		await pty.waitFor(text => !text.includes('/po') && text.includes('bin=curl ✕'));
		pty.write(esc);
		await pty.waitFor(/235 of 235 shown/);

		pty.write('/bin=curl\u0014\r');
		await pty.waitFor(/mark bin=curl/);
		pty.write('N');
		await pty.waitFor(/SCROLLED/);
		await still(pty);

		function line(): string {
			return pty.screen().find(row => /│▸|^▸/.test(row) && /\d\d:\d\d:\d\d\.\d{3}/.test(row)) ?? '';
		}

		const first = line();
		assert.match(first, /curl/);
		pty.write('N');
		await still(pty);
		assert.match(line(), /curl/);
		assert.notEqual(line(), first);
		pty.write('n');
		await still(pty);
		assert.equal(line(), first);

		pty.write(':nonsense\r');
		await pty.waitFor(/no command nonsense/);
		pty.write(':pod xwing\r');
		await pty.waitFor(/pod=xwing ✕/);
		pty.write(':nodes\r');
		await pty.waitFor(/5 NODES/);
		pty.write('q');
		await pty.waitFor(/2 Events/);
		pty.write('?');
		await pty.waitFor(/Help: /);
		pty.write('/pause');
		await pty.waitFor(/find: pause/);
		await pty.waitFor(/p Z +pause and resume/);
		assert.doesNotMatch(pty.text(), /wrap long lines/);
		pty.write(esc);
		await pty.waitFor(text => !text.includes('find: pause'));
		pty.write('q');
		await pty.waitFor(text => !text.includes('Help: '));
		pty.write(':q\r');
		assert.deepEqual(await pty.exited, {exitCode: 0, signal: undefined});
	});
});
