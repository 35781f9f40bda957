import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {chmod, mkdtemp, rm, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import {type ClusterKind, completeText} from '../../source/options/complete.js';
import {completionScript} from '../../source/options/completion.js';
import type {Options} from '../../source/options/options.js';

/** What a shell is told for a command line; `_` stands for an empty last word. */
async function complete(
	line: string,
	names: (kind: ClusterKind, options: Options) => Promise<readonly string[]> = async () => [],
) {
	const words = line.split(' ').map(word => (word === '_' ? '' : word));
	const lines = (await completeText(words, {}, names)).trimEnd().split('\n');
	return {texts: lines.slice(0, -1).map(text => text.split('\t', 1)[0]), directive: lines.at(-1)};
}

test('the first word is a command, a pod or a kind of target', async () => {
	const {texts, directive} = await complete('_', async kind => (kind === 'pod' ? ['xwing', 'tiefighter'] : []));
	assert.deepEqual(texts.slice(0, 4), ['xwing', 'tiefighter', 'demo', 'replay']);
	assert.ok(texts.includes('deployment/'));
	assert.equal(directive, ':4');
	assert.deepEqual((await complete('re')).texts, ['replay', 'replicaset/']);
});

test('flags are those of the command, without the ones that stand there already', async () => {
	const live = (await complete('--t')).texts;
	assert.ok(live.includes('--transport') && live.includes('--theme'));
	assert.ok(!(await complete('demo --t')).texts.includes('--transport'));
	assert.ok(!(await complete('--theme light --t')).texts.includes('--theme'));
	assert.ok((await complete('-n a --n')).texts.includes('--namespace'), 'a list may go on');
});

test('a value is completed from its choices, in both spellings', async () => {
	assert.deepEqual((await complete('--theme l')).texts, ['light']);
	assert.deepEqual((await complete('--theme=l')).texts, ['--theme=light']);
	assert.deepEqual((await complete('-o _')).texts, ['json', 'compact']);
	assert.deepEqual((await complete('completion _')).texts, ['bash', 'zsh', 'fish']);
});

test('after a kind its names are offered, in both spellings, and no space follows a kind', async () => {
	const asked: string[] = [];

	async function names(kind: ClusterKind) {
		asked.push(kind);
		return [`${kind}-1`];
	}

	assert.deepEqual((await complete('deploy/_'.replace('_', ''), names)).texts, ['deploy/deployment-1']);
	assert.deepEqual((await complete('sts/s', names)).texts, ['sts/statefulset-1']);
	assert.deepEqual((await complete('pod/p', names)).texts, ['pod/pod-1']);
	assert.deepEqual((await complete('deploy _', names)).texts, ['deployment-1']);
	assert.deepEqual((await complete('doctor ds/', names)).texts, ['ds/daemonset-1']);
	assert.deepEqual((await complete('doctor cj _', names)).texts, ['cronjob-1']);
	assert.deepEqual(asked, ['deployment', 'statefulset', 'pod', 'deployment', 'daemonset', 'cronjob']);
	assert.deepEqual((await complete('nonsense/x', names)).texts, []);
	assert.deepEqual((await complete('constructor/x', names)).texts, []);
	assert.deepEqual((await complete('xwing _', names)).texts, []);
	assert.deepEqual(await complete('deployment'), {texts: ['deployment/'], directive: ':6'});
	assert.equal((await complete('deploy/d', names)).directive, ':4');
});

test('event types and policies are offered, also after a comma', async () => {
	assert.deepEqual((await complete('-e ex')).texts, ['exec', 'exit']);
	assert.deepEqual((await complete('--event-types=exec,kp')).texts, ['--event-types=exec,kprobe']);
	assert.ok((await complete('-e _')).texts.length > 8);
	const names: (kind: ClusterKind) => Promise<string[]> = async kind =>
		kind === 'policy' ? ['shadow-kill', 'egress'] : [];
	assert.deepEqual((await complete('--policy-names s', names)).texts, ['shadow-kill']);
	assert.deepEqual((await complete('demo --policy-names egress,s', names)).texts, ['egress,shadow-kill']);
	assert.deepEqual((await complete('--node a,b', async () => ['b-1'])).texts, ['a,b-1']);
});

test('files are left to the shell', async () => {
	assert.equal((await complete('replay _')).directive, ':0');
	assert.equal((await complete('--kubeconfig _')).directive, ':0');
	assert.equal((await complete('demo _')).directive, ':4');
});

test('names of the cluster are asked for in the place that the words before name', async () => {
	let seen: Options | undefined;
	const {texts} = await complete('--context prod -n payments --theme nonsense --pod ap', async (kind, options) => {
		assert.equal(kind, 'pod');
		seen = options;
		return ['api-1', 'web-1', 'ap$(reboot)', 'ap\u001B[2J'];
	});
	assert.deepEqual(texts, ['api-1'], 'a name that a shell would act on is not offered');
	assert.equal(seen?.context, 'prod');
	assert.deepEqual(seen?.namespace, ['payments']);
});

test('TAB stays quiet where the cluster cannot be asked', async () => {
	const {texts} = await complete('-n _', async () => {
		throw new Error('no route to host');
	});
	assert.deepEqual(texts, []);
});

test('bash completes through the script what the program offers', async () => {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'tetratop-test-'));

	try {
		const program = path.join(folder, 'tetratop');
		await writeFile(program, '#!/bin/sh\nprintf "%s\\thelp\\n" "$*|--theme=light" "--theme=mono"; echo :4\n');
		await chmod(program, 0o755);
		const answer = execFileSync(
			'bash',
			[
				'--norc',
				'-c',
				`${completionScript('bash')}
COMP_LINE="${program} demo --theme=" COMP_POINT=\${#COMP_LINE}; COMP_TYPE=9
compopt() { :; }; _tetratop; printf '%s\\n' "\${COMPREPLY[@]}"`,
			],
			{encoding: 'utf8'},
		);
		// bash has cut the word behind the =, so only what follows it may come back.
		assert.deepEqual(answer.trimEnd().split('\n'), ['__complete demo --theme=|--theme=light', 'mono']);
	} finally {
		await rm(folder, {recursive: true});
	}
});
