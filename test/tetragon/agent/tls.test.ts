import assert from 'node:assert/strict';
import {chmodSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {after} from 'node:test';
import {ServerCredentials} from '@grpc/grpc-js';
import {Refusal} from '../../../source/problem.js';
import {type AgentOptions, openAgent} from '../../../source/tetragon/agent/client.js';
import type {TlsOptions} from '../../../source/tetragon/agent/tls.js';
import {TestAgent} from '../../agent/agent.js';
import {Authority, type Identity, writePem} from '../../agent/certificates.js';

const never = new AbortController().signal;
const folder = mkdtempSync(path.join(tmpdir(), 'tetratop-test-'));
after(() => rmSync(folder, {recursive: true}));

const authority = new Authority('Tetragon CA');
const stranger = new Authority('Another CA');
const agentIdentity = authority.issue('agent', {names: ['localhost', '127.0.0.1']});
const helmIdentity = authority.issue('helm', {names: ['*.tetragon-grpc.cilium.io']});
const oldIdentity = authority.issue('old', {
	names: ['127.0.0.1'],
	from: new Date(Date.now() - 2 * 86_400_000),
	until: new Date(Date.now() - 86_400_000),
});
const us = authority.issue('tetratop');
const nobody = stranger.issue('nobody');
const files = writePem(folder, {
	ca: authority.certificate,
	otherCa: stranger.certificate,
	cert: us.certificate,
	key: us.key,
	strangeCert: nobody.certificate,
	strangeKey: nobody.key,
});

async function startAgent(identity: Identity, requireClient = false, tcp = true): Promise<TestAgent> {
	const pair = {cert_chain: Buffer.from(identity.certificate), private_key: Buffer.from(identity.key)};
	const credentials = ServerCredentials.createSsl(Buffer.from(authority.certificate), [pair], requireClient);
	return TestAgent.start({tcp, credentials});
}

async function refusalOf(options: AgentOptions): Promise<Refusal> {
	try {
		const connection = await openAgent(options, never);
		connection.close();
	} catch (error) {
		assert.ok(error instanceof Refusal, String(error));
		assert.match(error.what, /^cannot reach the agent at |cannot be |^TLS /);
		return error;
	}

	return assert.fail('it was let in');
}

async function answers(options: AgentOptions): Promise<void> {
	const connection = await openAgent(options, never);
	await connection.health();
	connection.close();
}

const trusting: TlsOptions = {caCertFiles: [files['ca'] ?? '']};

test('a trusted certificate opens the way', async () => {
	await using agent = await startAgent(agentIdentity);
	await answers({...agent.client, tls: trusting});
});

test('a certificate for another name opens it with --tls-server-name', async () => {
	await using agent = await startAgent(helmIdentity);
	await answers({...agent.client, tls: {...trusting, serverName: 'node-1.tetragon-grpc.cilium.io'}});
});

test('through a tunnel, whose near end is a socket, the name of Helm’s certificates is expected', async () => {
	await using agent = await startAgent(helmIdentity, false, false);
	await answers({...agent.client, via: 'port-forward', tls: trusting});
});

test('--tls-skip-verify asks for no proof', async () => {
	await using agent = await startAgent(oldIdentity);
	await answers({...agent.client, tls: {skipVerify: true}});
});

test('a client certificate opens an agent that requires one', async () => {
	await using agent = await startAgent(agentIdentity, true);
	const {cert: certFile, key: keyFile} = files;
	await answers({...agent.client, tls: {...trusting, certFile, keyFile}});
});

test('an unknown CA is named as that', async () => {
	await using agent = await startAgent(agentIdentity);
	const refusal = await refusalOf({...agent.client, tls: {caCertFiles: [files['otherCa'] ?? '']}});
	assert.match(refusal.why, /signed by a CA that is not trusted/);
	assert.match(refusal.fix, /--tls-ca-cert-files/);
	assert.equal(refusal.retry, false);
});

test('a wrong name is told with the names that the certificate has, and one to give', async () => {
	await using agent = await startAgent(helmIdentity);
	const refusal = await refusalOf({...agent.client, tls: trusting});
	assert.match(refusal.why, /is for \*\.tetragon-grpc\.cilium\.io, not for 127\.0\.0\.1/);
	assert.match(refusal.fix, /--tls-server-name \S*\.tetragon-grpc\.cilium\.io/);
});

test('a wrong --tls-server-name is told too', async () => {
	await using agent = await startAgent(agentIdentity);
	const refusal = await refusalOf({...agent.client, tls: {...trusting, serverName: 'wrong.example'}});
	assert.match(refusal.why, /is for localhost, 127\.0\.0\.1, not for wrong\.example/);
});

test('an expired certificate is told with its date', async () => {
	await using agent = await startAgent(oldIdentity);
	assert.match((await refusalOf({...agent.client, tls: trusting})).why, /expired \(.*20\d\d GMT\)/);
});

test('an agent that requires a client certificate says so in our words', async () => {
	await using agent = await startAgent(agentIdentity, true);
	const refusal = await refusalOf({...agent.client, tls: trusting});
	assert.match(refusal.why, /requires a client certificate/);
	assert.match(refusal.fix, /--tls-cert-file/);
});

test('a client certificate of a stranger is told from none', async () => {
	await using agent = await startAgent(agentIdentity, true);
	const {strangeCert: certFile, strangeKey: keyFile} = files;
	assert.match((await refusalOf({...agent.client, tls: {...trusting, certFile, keyFile}})).why, /does not accept our/);
});

test('TLS to an agent without, and none to one with it, are both told', async () => {
	await using plain = await TestAgent.start({tcp: true});
	assert.match((await refusalOf({...plain.client, tls: trusting})).why, /speaks no TLS/);
	await using secure = await startAgent(agentIdentity);
	const refusal = await refusalOf(secure.client);
	assert.match(refusal.why, /requires TLS/);
	assert.match(refusal.fix, /--tls-ca-cert-files/);
});

test('nobody listening, no such socket, a file, a forbidden socket: each has its sentence', async () => {
	const agent = await TestAgent.start({tcp: true});
	await agent[Symbol.asyncDispose]();
	const refused = await refusalOf(agent.client);
	assert.match(refused.why, /nobody listens/);
	assert.equal(refused.retry, true);

	const missing = await refusalOf({address: {type: 'unix', path: path.join(folder, 'none.sock')}});
	assert.match(missing.why, /no such socket/);
	assert.equal(missing.retry, true);

	const file = path.join(folder, 'file.sock');
	writeFileSync(file, '');
	assert.match((await refusalOf({address: {type: 'unix', path: file}})).why, /nobody listens|not a socket/);

	await using forbidden = await TestAgent.start();
	chmodSync(forbidden.folder, 0o700);
	const isRoot = process.geteuid?.() === 0;
	if (isRoot) {
		// Root may open every socket: for a moment we are nobody.
		process.seteuid?.(65_534);
	} else {
		chmodSync(forbidden.folder, 0o000);
	}

	const denied = await refusalOf(forbidden.client);
	if (isRoot) {
		process.seteuid?.(0);
	}

	chmodSync(forbidden.folder, 0o700);
	assert.match(denied.why, /root only/);
	assert.equal(denied.retry, false);
});

test('something else that listens is not taken for an agent', async () => {
	const server = createServer(socket => socket.on('error', () => undefined).end('SSH-2.0-OpenSSH_9.2\r\n'));
	const {promise, resolve} = Promise.withResolvers<void>();
	server.listen(0, '127.0.0.1', resolve);
	await promise;
	const {port} = server.address() as {port: number};
	const refusal = await refusalOf({address: {type: 'tcp', host: '127.0.0.1', port}, deadlines: {open: 1000}});
	server.close();
	assert.match(refusal.fix, /address/);
});

test('TLS flags that cannot be used are refused before anything is dialled', async () => {
	const {cert: certFile, key: keyFile, strangeKey, ca} = files;
	const garbage = path.join(folder, 'garbage.pem');
	writeFileSync(garbage, 'not a certificate');
	const address = {type: 'tcp', host: '127.0.0.1', port: 1} as const;
	const cases: ReadonlyArray<readonly [TlsOptions, RegExp]> = [
		[{certFile}, /certificate was given without its key/],
		[{keyFile}, /key was given without its certificate/],
		[{caCertFiles: ['/nonexistent/ca.pem']}, /no such file/],
		[{caCertFiles: [garbage]}, /not PEM/],
		[{certFile, keyFile: strangeKey, caCertFiles: [ca ?? '']}, /not usable/],
	];
	for (const [tls, why] of cases) {
		const refusal = await refusalOf({address, tls});
		assert.match(refusal.why, why);
		assert.equal(refusal.retry, false);
	}

	const unix = await refusalOf({address: {type: 'unix', path: '/x.sock'}, tls: trusting});
	assert.match(unix.why, /no TLS on a unix socket/);
});
