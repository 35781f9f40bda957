import assert from 'node:assert/strict';
import test from 'node:test';
import {TestAgent} from '../agent/agent.js';
import {framesOf} from '../tetragon/recorded.js';
import {addressOf, openProgram, still} from './program.js';
import {temporaryFolder} from './temporary.js';

const folder = temporaryFolder();
const esc = '\u001B';

/** Everything but what quits, suspends or opens a line; the keys of the policies come often. */
const keys = [
	...['4', '4', '4', 'm', 'm', 'my', '4my', 'y', 'y', 'Y', '\r', 'j', 'k', 'n', 'o', 'c', 'C', 'd', 'e', 'a', 'A', 'p'],
	...['1', '2', '3', '5', 'g', 'G', 'f', 'w', 'i', 't', 'F', 'K', 'H', 'P', 'I', '>', ',', '=', '!', '?', ' ', '\t'],
	...['U', 'v', 'z', '+', '-', '[', ']', '0', 'S', '/', esc, esc, `${esc}[A`, `${esc}[B`, '\u007F', '\u0015', '\u0012'],
];

/** Numbers of a linear congruential generator (Numerical Recipes), the same in each run. */
function* numbersBelow(limit: number, seed: number): Generator<number> {
	for (let state = seed >>> 0; ; ) {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		yield Math.floor((state / 2 ** 32) * limit);
	}
}

/** How often an agent was asked to change a policy while 400 random keys were pressed. */
async function writesWith(flags: readonly string[]): Promise<number> {
	await using agent = await TestAgent.start({frames: framesOf('file-enforce')});
	const pty = openProgram(['--server-address', addressOf(agent), ...flags], {columns: 120, rows: 40, folder});
	try {
		await pty.waitFor(/78 of 78 shown/);
		pty.write('4');
		await pty.waitFor(/file-mon.* enabled/);
		const random = numbersBelow(keys.length, 1);
		for (let burst = 0; burst < 16; burst++) {
			// An open prompt would take all letters: clear its line, close it.
			const typed = Array.from({length: 25}, () => keys[random.next().value as number]).join('');
			pty.write(`\u0015\r${typed}`);
			await still(pty);
		}

		pty.write('\u0003');
		assert.deepEqual(await pty.exited, {exitCode: 0, signal: undefined});
		return agent.calls.filter(name => name === 'ConfigureTracingPolicy').length;
	} finally {
		await pty.close();
	}
}

test('without --allow-write no key sends a write to the agent; with it the same keys do', async () => {
	assert.equal(await writesWith([]), 0);
	assert.notEqual(await writesWith(['--allow-write']), 0);
});
