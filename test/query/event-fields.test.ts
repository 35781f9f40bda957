/** Fields that are read from the event: each on an event that has it, as a frame and as a line. */
import assert from 'node:assert/strict';
import test from 'node:test';
import {matcherOf} from '../../source/query/match.js';
import {parseChips} from '../../source/query/parse-chips.js';
import {actor, Scene} from '../store/scene.js';

function storyAs(form: 'frames' | 'lines') {
	const scene = new Scene();
	scene.form = form;
	const shell = actor({binary: '/bin/bash', pid: 10, initTree: false});
	const child = actor({binary: '/usr/bin/env', parent: shell, pid: 11});
	const cat = {
		...actor({binary: '/usr/bin/cat', arguments: 'x', parent: child, pid: 1200}),
		user: {name: 'alice'},
		uid: 1000,
	};
	const host = actor({binary: '/usr/sbin/sshd', pod: '', pid: 13});
	scene.exec(0, shell);
	scene.exec(1, child, shell);
	scene.exec(2, cat, child);
	scene.hook(3, cat, {functionName: 'security_file_permission', args: [{file_arg: {path: '/etc/shadow'}}]});
	scene.hook(4, host, {
		functionName: 'tcp_connect',
		args: [{sock_arg: {saddr: '10.1.2.3', sport: 51234, daddr: '203.0.113.9', dport: 443, protocol: 'IPPROTO_TCP'}}],
	});
	scene.send(5, {
		process_kprobe: {
			process: cat,
			function_name: 'sys_openat',
			args: [{string_arg: '/root/secret'}],
			return: {int_arg: -13},
			message: 'Sensitive file opened',
			tags: ['observability.filesystem'],
			policy_name: 'files',
		},
	});
	scene.exit(6, cat, 'SIGKILL');
	return scene.store;
}

const cases: ReadonlyArray<readonly [string, readonly number[]]> = [
	['file:shadow', [3]],
	['file:SHADOW', []],
	['file=/etc/shadow', [3]],
	['file~^/(etc|root)/', [3, 5]],
	['path:secret', [5]],
	['dst:203.0.113.0/24', [4]],
	['dst=203.0.113.9', [4]],
	['!dst:203.0.113.0/24', [0, 1, 2, 3, 5, 6]],
	['src:10.0.0.0/8', [4]],
	['src:10.2.0.0/16', []],
	['port:443', [4]],
	['port:>50000', [4]],
	['port:>51234', []],
	['port:>=51234', [4]],
	['msg:sensitive', [5]],
	['tag:filesystem', [5]],
	['sig:kill', [6]],
	['sig=SIGKILL', [6]],
	['ret:EACCES', [5]],
	['ret:-13', [5]],
	['ret:<0', [5]],
	['ret:EPERM', []],
	['user:alice', [2, 3, 5, 6]],
	['parent:env', [2, 3, 5, 6]],
	['parent:bash', [1]],
	['anc:bash', [1, 2, 3, 5, 6]],
	['img=image', [0, 1, 2, 3, 5, 6]],
	['cid:containerd', [0, 1, 2, 3, 5, 6]],
	['fn:tcp', [4]],
	['exec:yes', [0]],
	['exec:no', [1, 2, 3, 4, 5, 6]],
	['pid:>1000', [2, 3, 5, 6]],
	['uid:>=1000', [2, 3, 5, 6]],
	['"203.0.113.9:443"', [4]],
	['"EACCES"', []],
	['"-13"', [5]],
	['"alice"', [2, 3, 5, 6]],
	['"SIGKILL"', [2, 3, 4, 5, 6]],
	['text~sec[r]et', [5]],
	['!"bash"', [4]],
];

for (const form of ['frames', 'lines'] as const) {
	test(`each field of events asks what it says, of ${form}`, () => {
		const store = storyAs(form);
		for (const [text, wanted] of cases) {
			const parsed = parseChips(text);
			assert.ok('chips' in parsed, text);
			const around = {chainOf: (process: Parameters<typeof store.chainOf>[0]) => store.chainOf(process)};
			const feed = store.openFeed(matcherOf(parsed.chips, id => store.nodeName(id), around).event);
			while (feed.step(1000, () => 0)) {
				// The clock stands still: one step does it all.
			}

			const seen = Array.from({length: feed.length}, (_, index) => feed.seqAt(index));
			store.closeFeed(feed);
			assert.deepEqual(seen, wanted, text);
		}
	});
}
