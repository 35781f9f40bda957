import assert from 'node:assert/strict';
import {test} from 'node:test';
import {enforcing, monitoring} from '../panes/scene.js';
import type {User} from '../user.js';
import {command, flashOf, set, userOf} from './recorded-user.js';

const name = 'file-monitoring-filtered';

/** A user with write access, in the policies, over a node that has the policy. */
function writer(mode: 'enforce' | 'monitor' | 'unlisted', ...others: string[]): User {
	const user = userOf();
	for (const node of [0, ...others.map(other => user.scene.node(other))]) {
		if (mode !== 'unlisted') {
			user.scene.store.takePolicies(node, [mode === 'enforce' ? enforcing(name) : monitoring(name)], user.scene.nowMs);
		}
	}

	set(user, {allowWrite: true}).press('4');
	return user;
}

function questionOf({ui}: User): string {
	return ui.overlay?.type === 'ask' ? ui.overlay.question.join('\n') : '';
}

test('m on a read-only screen says so and asks nothing', () => {
	const user = set(writer('monitor'), {allowWrite: false});
	user.press('m');
	assert.equal(user.ui.overlay, undefined);
	assert.match(flashOf(user), /read-only: start tetratop with --allow-write/);
});

test('m asks first, with the nodes and what the policy would have killed; y sends the change for just these', () => {
	const user = writer('monitor', 'worker-2');
	user.press('m');
	assert.match(questionOf(user), /^Enforce the policy file-monitoring-filtered on 2 nodes\?/);
	assert.match(questionOf(user), /minikube, worker-2/);
	assert.deepEqual(user.effects, []);
	user.press('y');
	assert.deepEqual(user.effects, [
		{type: 'switch-policy', name, namespace: '', mode: 'TP_MODE_ENFORCE', nodes: ['minikube', 'worker-2']},
	]);
	assert.equal(user.ui.overlay, undefined);
});

test('n, q and Esc answer no', () => {
	for (const key of ['n', 'N', 'q', 'esc']) {
		const user = writer('enforce');
		user.press('m');
		assert.match(questionOf(user), /^Only monitor the policy .* on 1 node\?/);
		assert.match(questionOf(user), /will no longer be stopped/);
		user.press(key);
		assert.deepEqual([user.effects, user.ui.overlay], [[], undefined], key);
	}
});

test('the filter for a node chooses the nodes, and the others are counted', () => {
	const user = writer('monitor', 'worker-2', 'worker-3');
	command(user, 'node worker-2');
	user.press('m');
	assert.match(questionOf(user), /on 1 node, and not on 2 others\?\n {2}worker-2/);
	user.press('n');
	command(user, 'node nowhere');
	user.press('m');
	assert.match(flashOf(user), /no node that passes the filter has this policy/);
});

test('many nodes are shortened; a policy of no node, or no policy at all, cannot be switched', () => {
	const user = writer('monitor', ...Array.from({length: 11}, (_, index) => `worker-${index}`));
	user.press('m');
	assert.match(questionOf(user), /worker-6 and 4 more\n/);
	const unlisted = writer('unlisted');
	unlisted.press('m');
	assert.match(flashOf(unlisted), /no node that passes the filter/);
	const empty = set(userOf('tutorial-exec'), {allowWrite: true, view: 'policies'});
	if (empty.picture.policies.length === 0) {
		empty.press('m', 'y', 'enter');
		assert.deepEqual([empty.effects, empty.ui.overlay], [[], undefined]);
	}
});

test('what a policy of monitor would have killed is in the question, at most five lines of it', () => {
	const user = userOf();
	const node = user.scene.node('worker-9');
	user.scene.store.takePolicies(node, [monitoring('no-ids')], user.scene.nowMs);
	for (let index = 0; index < 7; index++) {
		const binary = `/bin/kill-${index}`;
		const pod = {
			namespace: 'default',
			name: 'xwing',
			workload: 'xwing',
			container: {id: 'containerd://1', name: 'main'},
		};
		const process = {exec_id: `would-${index}`, pid: 9000 + index, binary, pod};
		user.scene.take(node, {process_exec: {process}});
		user.scene.take(node, {
			process_kprobe: {
				process,
				function_name: 'sys_setuid',
				policy_name: 'no-ids',
				action: 'KPROBE_ACTION_SIGKILL',
				args: [],
			},
		});
	}

	user.scene.nowMs += 60_000;
	user.scene.store.tick(user.scene.nowMs);
	set(user, {allowWrite: true}).press('4');
	const at = user.picture.policies.findIndex(policy => policy.name === 'no-ids');
	set(user, {cursors: {policies: {id: user.picture.policies[at]?.id, screenRow: 0}}});
	user.press('m');
	assert.match(questionOf(user), /would have killed or denied/);
	const rows = user.picture.policies[at]?.blastRadius.length ?? 0;
	assert.equal(/and \d+ more/.test(questionOf(user)), rows > 5);
});

test('Enter opens the policy, y asks for its YAML', () => {
	const user = writer('monitor');
	user.press('enter');
	assert.equal(user.ui.policies.openRow, `/${name}`);
	user.press('j', 'j', 'k');
	assert.equal(user.ui.policies.scroll, 1);
	user.press('esc');
	assert.equal(user.ui.policies.openRow, undefined);
	user.press('y');
	assert.deepEqual(user.effects, [{type: 'show-policy', name, namespace: ''}]);
});
