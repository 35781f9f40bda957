import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {eventJson} from '../../source/tetragon/json/json-text.js';
import {recordingsFolder, statsOf} from '../agent/recordings.js';
import {framesOf, recordingNames, withJson} from '../tetragon/recorded.js';
import {openProgram, openShell, still} from './program.js';
import {temporaryFolder} from './temporary.js';

const folder = temporaryFolder();
const esc = '\u001B';

/** tetra's twin of fork-storm was not kept: its lines are made of its frames. */
function fileOf(name: string): string {
	if (withJson().includes(name)) {
		return path.join(recordingsFolder, name, 'events.jsonl.gz');
	}

	const file = path.join(folder, `${name}.jsonl`);
	writeFileSync(file, framesOf(name).map(eventJson).join('\n'));
	return file;
}

function grouped(count: number): string {
	return count.toLocaleString('en-US');
}

/** Every one to its last event: none may be missing in the sum. Starting a screen takes longer than most recordings. */
test('the recordings are on the screen to their last event, one after the other', async () => {
	const names = recordingNames();
	const events = names.reduce((sum, name) => sum + statsOf(name).events, 0);
	const pty = openProgram(['replay', ...names.map(fileOf), '--speed', 'max', '--buffer', '256MiB'], {
		columns: 120,
		rows: 40,
	});
	try {
		await pty.waitFor(new RegExp(` of ${grouped(events)} shown`));
		await pty.waitFor(/REPLAY .*(end|done|■)/i);
		assert.doesNotMatch(pty.text(), /▲ .*(no event|cannot)/);
		pty.write('q');
		assert.equal((await pty.exited).exitCode, 0);
	} finally {
		await pty.close();
	}
});

test('a recording in a pipe is played while the keys come from the terminal; malformed lines are said', async () => {
	const pty = openShell(
		`(echo 'no event'; gunzip -c '${fileOf('tutorial-exec')}') | tetratop replay - --speed max; echo "ended $?"`,
		{
			columns: 120,
			rows: 40,
		},
	);
	try {
		await pty.waitFor(/56 of 56 shown/);
		await pty.waitFor(/1 line.*no event.*line 1/);
		pty.write('/xw\r');
		await pty.waitFor(/xw ✕ │ \d+ of 56 shown/);
		pty.write('q');
		await still(pty);
		pty.write('Q');
		await pty.waitFor(/ended 0/);
	} finally {
		await pty.close();
	}
});

test('a replay keeps its own clock, stops, goes faster and to a time, forward and back', async () => {
	const pty = openProgram(['replay', fileOf('realistic-mix'), '--play', '--real-time'], {columns: 120, rows: 40});

	function events(): number {
		return Number(/of ([\d,]+) shown/.exec(pty.text())?.[1]?.replaceAll(',', ''));
	}

	try {
		await pty.waitFor(/REPLAY \d{4}-\d\d-\d\d 21:17:\d\d ×1/);
		pty.write(':21:18:30\r');
		await pty.waitFor(/REPLAY \d{4}-\d\d-\d\d 21:18:[3-5]\d/);
		await pty.waitFor(() => events() > 300);
		pty.write('p');
		await pty.waitFor(/REPLAY \d{4}-\d\d-\d\d 21:18:[3-5]\d.*(stopped|paused)|PAUSED/);
		// The frame with this word may be older than the last events. A key is painted at once, with all that has come.
		await still(pty);
		pty.write('2');
		await still(pty);
		const stopped = events();
		await new Promise(resolve => setTimeout(resolve, 1500));
		assert.equal(events(), stopped);
		pty.write('p');
		// The timeline is the last stop of Tab.
		pty.write('3\t');
		await pty.waitFor(/\+\/- speed/);
		pty.write('++++++');
		await pty.waitFor(/×(16|32|64)/);
		await pty.waitFor(/REPLAY \d{4}-\d\d-\d\d 21:19:[2-9]\d|REPLAY \d{4}-\d\d-\d\d 21:20/);
		const far = events();
		pty.write(`${esc}`);
		await still(pty);
		pty.write(':21:17:00\r');
		await pty.waitFor(() => events() < far / 2);
		await pty.waitFor(/1,564 of 1,564 shown/);
		// From the end, too.
		pty.write(':21:17:10\r');
		await pty.waitFor(() => events() < 1564);
	} finally {
		await pty.close();
	}
});

test('what an agent found in /proc at its start does not stop the clock of its export log', async () => {
	const pty = openProgram(['replay', path.join(recordingsFolder, 'export-log/tetragon.log.gz'), '--speed', 'max'], {
		columns: 120,
		rows: 40,
	});
	try {
		await pty.waitFor(/1,500 of 1,500 shown/);
	} finally {
		await pty.close();
	}
});

test('a replay shows everything at once, with position, length, date and file of the cursor', async () => {
	const {events} = statsOf('realistic-mix');
	const pty = openProgram(['replay', fileOf('realistic-mix')], {columns: 120, rows: 40});
	try {
		await pty.waitFor(new RegExp(` of ${grouped(events)} shown`));
		await pty.waitFor(/REPLAY .*end/);
		// Rows: equal events that follow each other are one.
		const place = /(\d,\d{3}) of \1 {2}2026-11-23 {2}events\.jsonl\.gz/;
		await pty.waitFor(place);
	} finally {
		await pty.close();
	}
});
