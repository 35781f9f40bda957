import assert from 'node:assert/strict';
import {chmodSync, existsSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {type Api, paths} from '../../../source/kubernetes/api/api.js';
import {anyObject} from '../../../source/kubernetes/api/shape.js';
import {hideSecrets} from '../../../source/kubernetes/auth/secrets.js';
import {Refusal} from '../../../source/problem.js';
import {certificate} from '../cluster/api-server.js';
import {connectApi, startServer, testDirectory} from '../cluster/test-api.js';

function list(api: Api) {
	return api.get(paths.pods('default'), anyObject);
}

async function refusalOf(promise: Promise<unknown>): Promise<Refusal> {
	const error = await promise.then(
		() => new Error('it was not refused'),
		(error: unknown) => error,
	);
	assert.ok(error instanceof Refusal, String(error));
	return error;
}

test('a tokenFile is used, and read again when the server no longer takes what was read', async t => {
	const server = await startServer(t);
	const directory = testDirectory(t);
	const tokenFile = path.join(directory, 'token');
	writeFileSync(tokenFile, 'good-token\n');
	const api = connectApi(t, server, {user: 'tokenFile: token'}, directory);
	await list(api);
	server.tokens.delete('good-token');
	server.tokens.set('renewed-token', 'alice');
	writeFileSync(tokenFile, 'renewed-token\n');
	await list(api);
	assert.deepEqual(
		server.seen.map(({identity}) => identity.user),
		['alice', '', 'alice'],
	);
});

test('a 401 for many at once: a renewed tokenFile is read again, and all recover', async t => {
	const server = await startServer(t);
	const directory = testDirectory(t);
	const tokenFile = path.join(directory, 'token');
	writeFileSync(tokenFile, 'good-token\n');
	const api = connectApi(t, server, {user: 'tokenFile: token'}, directory);
	await list(api);
	server.tokens.delete('good-token');
	server.tokens.set('renewed-token', 'alice');
	writeFileSync(tokenFile, 'renewed-token\n');
	await Promise.all(Array.from({length: 40}, () => list(api)));
	// The file is still the refused one: that is said, and the next file is read.
	server.tokens.delete('renewed-token');
	assert.match((await refusalOf(list(api))).why, /Unauthorized/);
	server.tokens.set('third-token', 'alice');
	writeFileSync(tokenFile, 'third-token\n');
	await Promise.all(Array.from({length: 40}, () => list(api)));
});

test('a 401 for many at once: renewed certificates are read again, and no socket of the old one is used', async t => {
	const server = await startServer(t);
	const directory = testDirectory(t);

	function renew(name: string) {
		writeFileSync(path.join(directory, 'tls.crt'), readFileSync(certificate(`${name}.crt`)));
		writeFileSync(path.join(directory, 'tls.key'), readFileSync(certificate(`${name}.key`)));
	}

	renew('elsewhere');
	const user = 'client-certificate: tls.crt\nclient-key: tls.key';
	const api = connectApi(t, server, {user}, directory);
	await Promise.all(Array.from({length: 20}, () => list(api)));
	const [first] = server.seen;
	assert.ok(first !== undefined && first.identity.user !== 'alice');
	server.expiredCertificates.add(first.identity.user);
	assert.match((await refusalOf(list(api))).why, /Unauthorized/);
	renew('client');
	await Promise.all(Array.from({length: 40}, () => list(api)));
	assert.equal(server.seen.at(-1)?.identity.user, 'alice');
	// A request that is under way keeps its socket, which then comes back to the pool.
	const again = connectApi(t, server, {user}, directory);
	await list(again);
	renew('elsewhere');
	server.expiredCertificates.clear();
	server.expiredCertificates.add('alice');
	server.answerAfterMs = 50;
	await Promise.all(Array.from({length: 20}, () => list(again)));
	await Promise.all(Array.from({length: 20}, () => list(again)));
});

test('client certificates log in, from files and from data', async t => {
	const server = await startServer(t);

	function base64(name: string) {
		return readFileSync(certificate(name)).toString('base64');
	}

	const files = `client-certificate: ${certificate('client.crt')}\nclient-key: ${certificate('client.key')}`;
	const data = `client-certificate-data: ${base64('client.crt')}\nclient-key-data: ${base64('client.key')}`;
	for (const user of [files, data]) {
		await list(connectApi(t, server, {user, cluster: `certificate-authority-data: ${base64('ca.crt')}`}));
	}

	assert.deepEqual(
		server.seen.map(({identity}) => [identity.user, ...identity.groups]),
		[
			['alice', 'oncall'],
			['alice', 'oncall'],
		],
	);
});

test('impersonation carries user, uid, groups and extra; groups without a user are refused', async t => {
	const server = await startServer(t);
	const api = connectApi(t, server, {
		user: 'token: good-token\nas-user-extra: {"example.com/scope": [a]}',
		flags: {as: 'joe', asGroup: ['ops', 'dev'], asUid: '7'},
	});
	await list(api);
	const [{identity, headers} = {identity: undefined, headers: {}}] = server.seen;
	assert.deepEqual(identity, {user: 'joe', groups: ['ops', 'dev']});
	assert.equal(headers['impersonate-uid'], '7');
	assert.equal(headers['impersonate-extra-example.com%2fscope'], 'a');
	assert.throws(() => connectApi(t, server, {flags: {asGroup: ['ops']}}), /there is no user to impersonate/);
});

function plugin(directory: string, body: string) {
	const file = path.join(directory, 'login');
	writeFileSync(file, `#!/bin/sh\necho run >> "${directory}/runs"\n${body}\n`);
	chmodSync(file, 0o755);
	return `exec: {apiVersion: client.authentication.k8s.io/v1, command: ./login, interactiveMode: IfAvailable, provideClusterInfo: true, installHint: "get it from the intranet", env: [{name: EXTRA, value: x}]}`;
}

function credential(token: string, expires = '') {
	return `printf '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"${token}"${expires === '' ? '' : `,"expirationTimestamp":"${expires}"`}}}'`;
}

function runs(directory: string) {
	return readFileSync(path.join(directory, 'runs'), 'utf8').trim().split('\n').length;
}

test('an exec plugin runs once for many calls, is told of the cluster, and its stderr is shown', async t => {
	const server = await startServer(t);
	const directory = testDirectory(t);
	const said: string[] = [];
	const user = plugin(
		directory,
		`echo "open https://login.test and enter ABCD" >&2\nprintf '%s' "$KUBERNETES_EXEC_INFO" > "${directory}/info"\nsleep 0.05\n${credential('good-token')}`,
	);
	const cluster = `certificate-authority: ${certificate('ca.crt')}\nextensions: [{name: client.authentication.k8s.io/exec, extension: {audience: 7}}]`;
	const api = connectApi(t, server, {user, cluster, say: line => said.push(line)}, directory);
	await Promise.all(Array.from({length: 20}, () => list(api)));
	assert.equal(runs(directory), 1);
	assert.deepEqual(said, ['open https://login.test and enter ABCD']);
	const info = JSON.parse(readFileSync(path.join(directory, 'info'), 'utf8'));
	assert.deepEqual(
		[info.kind, info.spec.interactive, info.spec.cluster.server, info.spec.cluster.config],
		['ExecCredential', false, server.url, {audience: 7}],
	);
});

test('a plugin runs again when its token has ended', async t => {
	const server = await startServer(t);
	const directory = testDirectory(t);
	const user = plugin(directory, credential('good-token', '2001-01-01T00:00:00Z'));
	const api = connectApi(t, server, {user}, directory);
	await list(api);
	const ended = runs(directory);
	await list(api);
	assert.ok(runs(directory) > ended);
});

test('a 401 renews the login of many calls by one run', async t => {
	const server = await startServer(t);
	const directory = testDirectory(t);
	const script = `token=$(cat "${directory}/current")\nprintf '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"%s"}}' "$token"`;
	writeFileSync(path.join(directory, 'current'), 'good-token');
	const api = connectApi(t, server, {user: plugin(directory, script)}, directory);
	await list(api);
	server.tokens.clear();
	server.tokens.set('second-token', 'alice');
	writeFileSync(path.join(directory, 'current'), 'second-token');
	await Promise.all(Array.from({length: 10}, () => list(api)));
	assert.equal(runs(directory), 2);
});

test('a plugin that fails is quoted, one that is missing gives its hint, and no token of it is shown', async t => {
	const server = await startServer(t);
	const directory = testDirectory(t);
	const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl';
	const said: string[] = [];
	const user = plugin(directory, `echo "token ${jwt} has expired, run: aws sso login" >&2\nexit 3`);
	const failed = await refusalOf(list(connectApi(t, server, {user, say: line => said.push(line)}, directory)));
	assert.match(failed.message, /login failed: exit code 3: token \[hidden\] has expired, run: aws sso login/);
	assert.deepEqual(said, ['token [hidden] has expired, run: aws sso login']);

	const garbage = await refusalOf(
		list(connectApi(t, server, {user: plugin(directory, `printf 'half-a-secret-token'`)}, directory)),
	);
	assert.doesNotMatch(`${garbage.message} ${garbage.fix}`, /half-a-secret/);

	const missing = await refusalOf(list(connectApi(t, server, {user: user.replace('./login', './nothing')}, directory)));
	assert.equal(missing.fix, 'get it from the intranet');
});

test('a plugin that must ask on the terminal is refused while the screen is open', async t => {
	const server = await startServer(t);
	const directory = testDirectory(t);
	const user = plugin(directory, credential('good-token')).replace('IfAvailable', 'Always');
	assert.match((await refusalOf(list(connectApi(t, server, {user}, directory)))).why, /must ask on the terminal/);
});

test('a login that only an old kubectl can do says so and names --transport kubectl', async t => {
	const server = await startServer(t);
	assert.throws(
		() => connectApi(t, server, {user: 'auth-provider: {name: gcp}'}),
		(error: Refusal) => /auth-provider gcp/.test(error.why) && /--transport kubectl/.test(error.fix) && !error.retry,
	);
});

test('a token that the server does not take is one sentence, without the token', async t => {
	const server = await startServer(t);
	const refusal = await refusalOf(list(connectApi(t, server, {user: 'token: stolen-token'})));
	assert.match(refusal.message, /Unauthorized/);
	assert.match(refusal.fix, /log in again/);
	assert.doesNotMatch(JSON.stringify([refusal.message, refusal.fix, refusal.stack]), /stolen-token/);
});

test('what has the shape of a secret is hidden, and what is known as one', () => {
	assert.equal(hideSecrets('Authorization: Bearer abcdefgh12345 sent'), 'Authorization: [hidden] sent');
	assert.equal(hideSecrets('proxy http://joe:pass@host:1 failed'), 'proxy http://[hidden]@host:1 failed');
	assert.equal(
		hideSecrets('said my-password twice: my-password', ['my-password', '']),
		'said [hidden] twice: [hidden]',
	);
	assert.equal(hideSecrets('plain words stay: pods is forbidden'), 'plain words stay: pods is forbidden');
});

test('a plugin’s question without a line end is seen while it waits, and a silent plugin is named', async t => {
	const server = await startServer(t);
	const directory = testDirectory(t);
	const answer =
		'{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"good-token"}}';
	for (const [name, script, wanted] of [
		[
			'asks',
			`printf 'Password: ' >&2; while [ ! -e "${directory}/go" ]; do sleep 0.05; done; echo '${answer}'`,
			/^Password: $/,
		],
		[
			'silent',
			`while [ ! -e "${directory}/go" ]; do sleep 0.05; done; echo '${answer}'`,
			/waits for the login program .*silent$/,
		],
	] as const) {
		rmSync(path.join(directory, 'go'), {force: true});
		const command = path.join(directory, name);
		writeFileSync(command, `#!/bin/sh\n${script}\n`, {mode: 0o755});
		const said: string[] = [];
		const api = connectApi(
			t,
			server,
			{
				user: `exec: {apiVersion: client.authentication.k8s.io/v1, command: ${command}, interactiveMode: Never}`,
				say(line) {
					said.push(line);
					writeFileSync(path.join(directory, 'go'), '');
				},
			},
			testDirectory(t),
		);
		// The plugin ends only after its words were seen.
		await list(api);
		assert.match(said.join('|'), wanted);
	}
});

test('with a token, a username or a certificate the plugin is not even started', async t => {
	const server = await startServer(t);
	const directory = testDirectory(t);
	const command = path.join(directory, 'plugin');
	writeFileSync(command, `#!/bin/sh\ntouch "${directory}/ran"\nexit 1\n`, {mode: 0o755});
	const exec = `exec: {apiVersion: client.authentication.k8s.io/v1, command: ${command}, interactiveMode: Never}`;
	const certificates = `client-certificate: ${certificate('client.crt')}\nclient-key: ${certificate('client.key')}`;
	await list(connectApi(t, server, {user: `token: good-token\n${exec}`}));
	await list(connectApi(t, server, {user: exec, flags: {token: 'good-token'}}));
	await list(connectApi(t, server, {user: `${certificates}\n${exec}`}));
	await list(connectApi(t, server, {user: `username: joe\npassword: secret\n${exec}`})).catch(() => undefined);
	assert.equal(existsSync(path.join(directory, 'ran')), false);
});
