/** An agent that sends frames that are no event: counted, drawn as what they are, and the events beside them go on. */
import assert from 'node:assert/strict';
import test from 'node:test';
import {encodeMessage} from '../../source/tetragon/wire/encode.js';
import {TestAgent} from '../agent/agent.js';
import {framesOf} from '../tetragon/recorded.js';
import {addressOf, openProgram, startProgram} from './program.js';

/** An exec whose process ends in the middle: the outside of the frame is whole. */
function brokenInside(): Buffer {
	const process = Buffer.from(encodeMessage('Process', {exec_id: 'aG9zdDox', binary: '/bin/x', cwd: '/'.repeat(40)}));
	// The length of the last field says more than there is.
	process[process.lastIndexOf(40)] = 120;
	const exec = Buffer.concat([Buffer.of(0x0a, process.length), process]);
	return Buffer.concat([Buffer.of(0x0a, exec.length), exec]);
}

const bad: readonly Buffer[] = [
	Buffer.alloc(0),
	Buffer.of(0xff),
	Buffer.from('<html><body>\u001B[2J502 Bad Gateway</body></html>'),
	Buffer.alloc(300, 0x0a),
	framesOf('realistic-mix')[0]!.subarray(0, 20),
	brokenInside(),
];
const good = framesOf('uprobe').slice(0, 3);

for (const output of ['json', 'compact']) {
	for (const filter of [[], ['--event-types', 'PROCESS_EXEC']]) {
		test(`lines count frames that are no event while they run: -o ${output} ${filter.join(' ')}`, async () => {
			await using agent = await TestAgent.start({frames: [...bad, ...good]});
			const words = ['--server-address', addressOf(agent), '-o', output, ...filter];
			await using program = startProgram(words);
			// An exec that is broken inside passes the filter, and is found when its line is made.
			await program.until(`${bad.length} frames are no events`, 'stderr');
			agent.send([Buffer.of(0xff)]);
			await program.until(`${bad.length + 1} frames are no events`, 'stderr');
			agent.send([Buffer.of(0xff)]);
			await new Promise(resolve => setTimeout(resolve, 100));
			program.child.kill('SIGTERM');
			const {stdout, stderr, code} = await program.ended;
			assert.equal(code, 143);
			assert.match(stderr, new RegExp(`${bad.length + 2} frames are no events`));
			assert.doesNotMatch(stderr, /fault of tetratop/);
			assert.ok(!(stderr + stdout).includes('\u001B'));
			if (filter.length === 0) {
				assert.equal(stdout.split('\n').length - 1, bad.length + good.length + 2);
			}
		});
	}
}

test('the screen counts frames that are no event in its header, and draws each as what it is', async () => {
	await using agent = await TestAgent.start({frames: [...good, ...bad]});
	const pty = openProgram(['--server-address', addressOf(agent)], {columns: 140, rows: 40});
	try {
		await pty.waitFor(/BAD FRAMES 6/);
		const text = await pty.waitFor(/1 byte that is no event: ff/);
		// An empty frame.
		assert.match(text, /event without content/);
		assert.match(text, /45 bytes that are no event: 3c/);
		assert.doesNotMatch(text, /no longer in the buffer/);
		assert.ok(!pty.raw().includes('\u001B[2J502'));
		// The feed has the focus of none: 2 is the feed, G its newest row, Enter opens it.
		pty.write('2G\r');
		await pty.waitFor(/no event/);
		pty.write('y');
		await pty.waitFor(/\$malformed/);
	} finally {
		await pty.close();
	}
});

test('a filter hides no count of frames that are no event', async () => {
	await using agent = await TestAgent.start({frames: [...good, ...bad.slice(0, 5)]});
	const pty = openProgram(['--server-address', addressOf(agent), '-n', 'default'], {columns: 140, rows: 40});
	try {
		await pty.waitFor(/BAD FRAMES 5/);
	} finally {
		await pty.close();
	}
});
