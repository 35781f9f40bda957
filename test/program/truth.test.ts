import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {gunzipSync} from 'node:zlib';
import {TestAgent} from '../agent/agent.js';
import {recordingsFolder, statsOf} from '../agent/recordings.js';
import {framesOf} from '../tetragon/recorded.js';
import {addressOf, openProgram, runProgram, still} from './program.js';
import {temporaryFolder} from './temporary.js';

const folder = temporaryFolder();
const esc = '\u001B';

function jsonOf(name: string): string {
	return path.join(recordingsFolder, name, 'events.jsonl.gz');
}

function policies(mode: string) {
	return () => [{name: 'file-monitoring-filtered', namespace: 'default', state: 1, mode, domain: 'other'}];
}

test('a recording of a whole replay equals its input event for event, and its compact lines are the same', async () => {
	for (const name of ['realistic-mix', 'tutorial-plain', 'throttle', 'loader']) {
		const out = path.join(folder, `${name}.jsonl.gz`);
		const pty = openProgram(['replay', jsonOf(name), '--speed', 'max', '--record', out], {columns: 120, rows: 40});
		try {
			await pty.waitFor(new RegExp(` of ${statsOf(name).events.toLocaleString('en-US')} shown`), 30_000);
			await still(pty);
			pty.write('q');
			await pty.exited;
		} finally {
			await pty.close();
		}

		function linesOf(file: string): string[] {
			return gunzipSync(readFileSync(file)).toString().trimEnd().split('\n');
		}

		assert.deepEqual(
			linesOf(out).filter(line => !line.startsWith('{"tetratop"')),
			linesOf(jsonOf(name)),
		);
		const [recorded, input] = await Promise.all(
			[out, jsonOf(name)].map(file => runProgram(['replay', file, '-o', 'compact'])),
		);
		assert.equal(recorded?.stdout, input?.stdout, name);
	}
});

test('a live recording carries the modes of its policies: its replay knows a kill', async () => {
	await using agent = await TestAgent.start({
		frames: framesOf('file-enforce'),
		policies: policies('TP_MODE_ENFORCE'),
	});
	const out = path.join(folder, 'modes.jsonl');
	const live = openProgram(['--server-address', addressOf(agent)], {columns: 160, rows: 40});
	try {
		await live.waitFor(/78 of 78 shown/);
		live.write(`:rec ${out}\r`);
		await live.waitFor(/rec/);
		await still(live);
		agent.send(framesOf('file-enforce'));
		await live.waitFor(/156 of 156 shown/);
		live.write('q');
		await live.exited;
	} finally {
		await live.close();
	}

	assert.match(readFileSync(out, 'utf8'), /"policies":\{"node":"minikube"/);
	const replay = openProgram(['replay', out, '--speed', 'max'], {columns: 160, rows: 40});
	try {
		await replay.waitFor(/78 of 78 shown/);
		await replay.waitFor(/KILL 3/);
		assert.doesNotMatch(replay.text(), /mode \?/);
		replay.write('q');
		await replay.exited;
	} finally {
		await replay.close();
	}
});

test('without --allow-write nothing can be changed; with it one question, and each agent is asked with the domain', async () => {
	for (const flags of [[], ['--allow-write']]) {
		const asked: unknown[] = [];
		await using agent = await TestAgent.start({
			frames: framesOf('file-enforce'),
			policies: policies('TP_MODE_MONITOR'),
			answers: {
				ConfigureTracingPolicy(request: Uint8Array) {
					asked.push(Buffer.from(request).toString('latin1'));
					return Buffer.alloc(0);
				},
			},
		});
		const pty = openProgram(['--server-address', addressOf(agent), ...flags], {columns: 120, rows: 40});
		try {
			await pty.waitFor(/78 of 78 shown/);
			pty.write('4');
			// A row of events alone has no node to switch: its list comes a moment later.
			await pty.waitFor(/file-mon.* monitor +● enabled/);
			const lists = agent.calls.filter(name => name === 'ListTracingPolicies').length;
			await still(pty);
			// The question covers the header.
			assert.equal(pty.text().includes('WRITE ALLOWED'), flags.length > 0);
			pty.write('m');
			if (flags.length === 0) {
				await pty.waitFor(/read-only: start tetratop with --allow-write/);
				pty.write('yyyy');
				await still(pty);
				assert.equal(agent.calls.includes('ConfigureTracingPolicy'), false);
			} else {
				await pty.waitFor(/Enforce the policy file-monitoring-filtered.* on 1 node/);
				await pty.waitFor(/default\/xwing|xwing/);
				assert.equal(asked.length, 0);
				pty.write('y');
				await pty.waitFor(/is now enforced on 1 of 1 nodes/);
				assert.equal(asked.length, 1);
				assert.match(String(asked[0]), /file-monitoring-filtered.*other/s);
				assert.ok(agent.calls.filter(name => name === 'ListTracingPolicies').length > lists, 'read again at once');
			}

			for (const request of agent.requests) {
				assert.equal('aggregation_options' in request, false);
			}

			pty.write('Q');
			await pty.exited;
		} finally {
			await pty.close();
		}
	}
});

test('a client that was stopped says that it stood still, and what it may have missed', async () => {
	await using agent = await TestAgent.start({frames: framesOf('uprobe')});
	const pty = openProgram(['--server-address', addressOf(agent)], {columns: 160, rows: 40});
	try {
		await pty.waitFor(/52 of 52 shown/);
		process.kill(pty.pid, 'SIGSTOP');
		await new Promise(resolve => setTimeout(resolve, 3500));
		process.kill(pty.pid, 'SIGCONT');
		await pty.waitFor(/tetratop stood still for \d/);
		assert.match(pty.text(), /LOST \?/);
		pty.write('q');
		await pty.exited;
	} finally {
		await pty.close();
	}
});

test('a policy with NoPost is an alert within 15 s, and a rate limit and a throttled cgroup stand in the feed', async () => {
	let killed = '0';
	await using agent = await TestAgent.start({
		frames: framesOf('throttle'),
		policies: () => [
			{
				name: 'quiet-kill',
				state: 1,
				mode: 'TP_MODE_ENFORCE',
				stats: {action_counters: {signal: killed, nopost: killed}},
			},
		],
	});
	const pty = openProgram(['--server-address', addressOf(agent)], {columns: 160, rows: 50});
	try {
		await pty.waitFor(/throttled (?:\S+ )?21:08:35 – (?:\S+ )?21:08:43: minikube/);
		await pty.waitFor(/LOST \?/);
		function lists(): number {
			return agent.calls.filter(name => name === 'ListTracingPolicies').length;
		}

		killed = '3';
		const before = lists();
		await pty.waitFor(/UNSEEN +3 .*quiet-kill/);
		// One each ten seconds; the first may have been on its way.
		assert.ok(lists() - before <= 2, `${lists() - before} lists`);
		pty.write('q');
		await pty.exited;
	} finally {
		await pty.close();
	}
});

test('why was my process killed: at most four keys from the start at 80x24', async () => {
	await using agent = await TestAgent.start({
		frames: framesOf('file-enforce'),
		policies: policies('TP_MODE_ENFORCE'),
	});
	const pty = openProgram(['--server-address', addressOf(agent), '-n', 'default']);
	try {
		await pty.waitFor(/KILLED/);
		await still(pty);
		const wanted = [/KILLED by policy/, /file-monitoring-filtered/, /\/etc\/(shadow|bar)/, /proof/, /parent/];
		const keys = ['e', '\r', `${esc}[6~`, `${esc}[6~`];
		const seen = new Set<RegExp>();
		let used = 0;
		for (const key of keys) {
			pty.write(key);
			used++;
			await still(pty);
			for (const each of wanted.filter(each => each.test(pty.text()))) {
				seen.add(each);
			}

			if (seen.size === wanted.length) {
				break;
			}
		}

		assert.equal(seen.size, wanted.length, `after ${used} keys: ${pty.text()}`);
		pty.write('Q');
		await pty.exited;
	} finally {
		await pty.close();
	}
});
