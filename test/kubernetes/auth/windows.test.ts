/** The time windows and bounds of logins: each at its limit and one before. */
import assert from 'node:assert/strict';
import {chmodSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {startKubectl} from '../../../source/kubernetes/api/kubectl-api.js';
import {Credentials} from '../../../source/kubernetes/auth/credentials.js';
import {runExecPlugin} from '../../../source/kubernetes/auth/exec-plugin.js';
import type {ExecPlugin} from '../../../source/kubernetes/kubeconfig/file.js';
import {noCluster, noUser} from '../../../source/kubernetes/kubeconfig/precedence.js';
import {testDirectory} from '../cluster/test-api.js';

const surroundings = {
	cluster: noCluster,
	environment: {PATH: '/usr/bin:/bin'},
	interactive: () => false,
	say: () => undefined,
};

function program(directory: string, body: string): string {
	const file = path.join(directory, 'program');
	writeFileSync(file, `#!/bin/sh\n${body}\n`);
	chmodSync(file, 0o755);
	return file;
}

function pluginOf(command: string): ExecPlugin {
	return {
		apiVersion: 'client.authentication.k8s.io/v1',
		command,
		args: [],
		env: {},
		installHint: '',
		provideClusterInfo: false,
		interactiveMode: 'Never',
	};
}

test('a token file is read again after a minute', async t => {
	const tokenFile = path.join(testDirectory(t), 'token');
	writeFileSync(tokenFile, 'first');
	let nowMs = 0;
	const credentials = new Credentials({...noUser, tokenFile}, {...surroundings, now: () => nowMs});

	async function bearer() {
		return (await credentials.authorize()).headers['Authorization'];
	}

	assert.equal(await bearer(), 'Bearer first');
	writeFileSync(tokenFile, 'second');
	nowMs = 59_999;
	assert.equal(await bearer(), 'Bearer first');
	nowMs = 60_000;
	assert.equal(await bearer(), 'Bearer second');
});

test('a plugin runs again 10 s before its credential expires', async t => {
	const directory = testDirectory(t);
	const status = '{"token":"good-token","expirationTimestamp":"1970-01-01T01:00:00Z"}';
	const answer = `{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":${status}}`;
	const command = program(directory, `echo run >> "${directory}/runs"\nprintf '%s' '${answer}'`);
	let nowMs = 0;
	const credentials = new Credentials({...noUser, exec: pluginOf(command)}, {...surroundings, now: () => nowMs});

	async function runs() {
		await credentials.authorize();
		return readFileSync(path.join(directory, 'runs'), 'utf8').split('\n').length - 1;
	}

	assert.equal(await runs(), 1);
	nowMs = 3_600_000 - 10_001;
	assert.equal(await runs(), 1);
	nowMs = 3_600_000 - 10_000;
	assert.equal(await runs(), 2);
});

test('the last three lines of a failed plugin are quoted', async t => {
	const command = program(testDirectory(t), "printf 'one\\ntwo\\nthree\\nfour\\n' >&2; exit 1");
	await assert.rejects(
		runExecPlugin(pluginOf(command), surroundings),
		/^Error: login failed: exit code 1: two \/ three \/ four$/,
	);
});

test('300 characters of kubectl’s last line are shown, out of the last 4 000 of its stderr', async t => {
	const directory = testDirectory(t);

	async function why(body: string) {
		const command = program(directory, body);
		const kubectl = {command, flags: [], environment: surroundings.environment, secrets: []};
		return (await startKubectl(kubectl, []).ended)?.why ?? '';
	}

	assert.equal((await why("printf '%0299d' 7 >&2; exit 1")).length, 299);
	assert.equal((await why("printf '%0400d' 7 >&2; exit 1")).length, 300);
	assert.equal(
		await why("printf 'Error from server (NotFound): first%03970d' 7 >&2; exit 1"),
		`from server (NotFound): first${'0'.repeat(271)}`,
	);
});
