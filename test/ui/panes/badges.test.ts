import assert from 'node:assert/strict';
import {test} from 'node:test';
import {User} from '../user.js';

function started(process: Record<string, unknown>, inPod = true): User {
	const user = new User(200, 60);
	const node = user.scene.node('a');
	const pod = {
		namespace: 'default',
		name: 'xwing',
		container: {id: 'containerd://1', name: 'main', ...(process['container'] as object)},
	};
	const {container: _, ...rest} = process;
	user.scene.take(node, {process_exec: {process: {exec_id: '1', pid: 7, ...rest, ...(inPod ? {pod} : {})}}});
	return user;
}

test('the container runtime is named as such on the host, and a file of its name in a pod is not', () => {
	const host = started({binary: '/usr/bin/containerd-shim-runc-v2'}, false);
	host.press('H', '1', 'G');
	const screen = host.screen().join('\n');
	assert.match(screen, /7 .*runtime containerd-shim-r/);
	assert.match(screen, /badge +runtime: it starts/);
	const pod = started({binary: '/tmp/runc'});
	pod.press('1', 'G');
	assert.doesNotMatch(pod.screen().join('\n'), /runtime/);
});

test('a probe has its own word, and P hides its events', () => {
	const user = started({binary: '/bin/cat', in_init_tree: false, container: {maybe_exec_probe: true}});
	assert.match(user.screen().join('\n'), /⇢probe/);
	assert.equal(user.picture.feed.shown, 1);
	user.press('P');
	assert.equal(user.picture.feed.shown, 0);
	assert.match(user.screen()[1] ?? '', /│ probes hidden ✕ │ 0 of 1 shown/);
	user.press('P');
	assert.equal(user.picture.feed.shown, 1);
});
