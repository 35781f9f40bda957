import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync} from 'node:fs';
import net from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {PassThrough} from 'node:stream';
import test from 'node:test';
import {Bridge, sweepBridges} from '../../../source/kubernetes/tunnel/bridge.js';
import {until} from '../cluster/until.js';

test('a bridge lies in a directory that only we can enter, and is gone from the disk once it is used', async t => {
	const bridge = await Bridge.open(new PassThrough());
	t.after(() => bridge.close());
	const directory = path.dirname(bridge.path);
	assert.equal(statSync(directory).mode & 0o777, 0o700);
	assert.ok(Buffer.byteLength(bridge.path) <= 107);
	const socket = net.connect(bridge.path);
	t.after(() => socket.destroy());
	socket.write('through and back');
	const [data] = await once(socket, 'data');
	assert.equal(String(data), 'through and back');
	await until('removed', () => !existsSync(directory));
	const second = net.connect(bridge.path);
	const [error] = await once(second, 'error');
	assert.equal(error.code, 'ENOENT');
});

test('each end ends the other', async t => {
	const stream = new PassThrough();
	const bridge = await Bridge.open(stream);
	const socket = net.connect(bridge.path);
	socket.on('error', () => undefined);
	await once(socket, 'connect');
	socket.destroy();
	await until('the stream is destroyed', () => stream.destroyed);

	const other = new PassThrough();
	const second = await Bridge.open(other);
	t.after(() => second.close());
	const client = net.connect(second.path).resume();
	await once(client, 'connect');
	other.destroy();
	await once(client, 'close');
});

test('a bridge that nobody connected to leaves nothing when it is closed', async () => {
	const bridge = await Bridge.open(new PassThrough());
	bridge.close();
	await until('removed', () => !existsSync(path.dirname(bridge.path)));
});

test('what a killed process left is removed by the next start; what belongs to a running one stays', t => {
	const root = mkdtempSync(path.join(tmpdir(), 'tt-sweep-'));
	t.after(() => rmSync(root, {recursive: true}));
	const child = spawn(process.execPath, ['-e', '']);
	t.after(() => child.kill());
	return once(child, 'exit').then(() => {
		const names = [`tetratop-${child.pid}-abc123`, `tetratop-${process.pid}-abc123`, 'tetratop-demo-abc123', 'other'];
		for (const name of names) {
			mkdirSync(path.join(root, name));
		}

		sweepBridges(root);
		assert.deepEqual(readdirSync(root).sort(), names.slice(1).sort());
	});
});
