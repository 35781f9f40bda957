import assert from 'node:assert/strict';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'node:test';
import {Refusal} from '../../../source/problem.js';
import {addressText, defaultAddress, parseAddress} from '../../../source/tetragon/agent/address.js';
import {recordingsFolder} from '../../agent/recordings.js';

test('an address is read as tetra reads it', () => {
	const cases: ReadonlyArray<readonly [string, string]> = [
		['unix:///var/run/tetragon/tetragon.sock', 'unix:///var/run/tetragon/tetragon.sock'],
		['unix:/run/t.sock', 'unix:///run/t.sock'],
		['localhost', 'localhost:54321'],
		['localhost:1234', 'localhost:1234'],
		['10.0.0.5', '10.0.0.5:54321'],
		['node-1.example.com:1', 'node-1.example.com:1'],
		['[::1]:54321', '[::1]:54321'],
		['[fe80::1%eth0]', '[fe80::1%eth0]:54321'],
		['::1', '[::1]:54321'],
		[' localhost ', 'localhost:54321'],
	];
	for (const [text, expected] of cases) {
		assert.equal(addressText(parseAddress(text)), expected);
	}
});

test('what is no address is refused with the reason and the form', () => {
	const cases: ReadonlyArray<readonly [string, RegExp]> = [
		['', /empty/],
		['http://localhost:54321', /speaks gRPC, not http/],
		['/var/run/tetragon.sock', /unix:\/\/\/var\/run\/tetragon\.sock/],
		['unix://relative', /absolute/],
		[`unix:///${'x'.repeat(120)}`, /107 bytes/],
		['host:', /not a port/],
		['host:0', /not a port/],
		['host:65536', /not a port/],
		['host:12a', /not a port/],
		[':54321', /host is missing/],
		['a:b:c', /more than one colon/],
		['[nonsense]:1', /not an IPv6/],
		['ho st', /not a host name/],
		['\u001b[31m', /not a host name/],
	];
	for (const [text, why] of cases) {
		assert.throws(
			() => parseAddress(text),
			(error: unknown) => error instanceof Refusal && why.test(error.why) && /--server-address/.test(error.fix),
			text,
		);
	}
});

test('without --server-address the local agent is asked where it listens', t => {
	const folder = mkdtempSync(path.join(tmpdir(), 'tetratop-test-'));
	t.after(() => rmSync(folder, {recursive: true}));
	const info = path.join(folder, 'tetragon-info.json');
	assert.equal(addressText(defaultAddress(info)), 'localhost:54321', 'no file');
	for (const broken of ['', '{', '[]', 'null', '{"server_address": 7}', '{"server_address": "http://x"}']) {
		writeFileSync(info, broken);
		assert.equal(addressText(defaultAddress(info)), 'localhost:54321', broken);
	}

	writeFileSync(info, '{"server_address": "unix:///run/tetragon/t.sock"}');
	assert.equal(addressText(defaultAddress(info)), 'unix:///run/tetragon/t.sock');
});

test('the info file that a real agent wrote is understood', () => {
	const address = defaultAddress(path.join(recordingsFolder, 'export-log', 'tetragon-info.json'));
	assert.equal(address.type === 'unix' || address.port > 0, true);
	assert.notEqual(addressText(address), 'localhost:54321');
});
