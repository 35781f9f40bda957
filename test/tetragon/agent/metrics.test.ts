import assert from 'node:assert/strict';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createServer, type RequestListener} from 'node:http';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {after} from 'node:test';
import {parseAddress} from '../../../source/tetragon/agent/address.js';
import {fetchMetrics, metricsBeside, parseMetricsAddress} from '../../../source/tetragon/agent/metrics.js';

const folder = mkdtempSync(path.join(tmpdir(), 'tetratop-test-'));
after(() => rmSync(folder, {recursive: true}));

async function serve(name: string, listener: RequestListener) {
	const server = createServer(listener);
	const {promise, resolve} = Promise.withResolvers<void>();
	const socketPath = path.join(folder, name);
	server.listen(socketPath, resolve);
	await promise;
	return {socketPath, [Symbol.dispose]: () => void server.close().closeAllConnections()};
}

test('an agent of this machine is found by its own file, or at its default port', () => {
	const info = path.join(folder, 'tetragon-info.json');

	function beside(address: string) {
		return metricsBeside(parseAddress(address), info);
	}

	assert.deepEqual(beside('localhost'), {host: 'localhost', port: 2112});
	assert.equal(beside('unix:///run/t.sock'), undefined);
	assert.equal(beside('10.0.0.7:54321'), undefined, 'another machine is not asked unbidden');
	writeFileSync(info, '{"server_address": "unix:///run/t.sock", "metrics_address": ":9999"}');
	assert.deepEqual(beside('unix:///run/t.sock'), {host: 'localhost', port: 9999});
	assert.equal(beside('unix:///run/other.sock'), undefined);
	writeFileSync(info, '{"server_address": "unix:///run/t.sock", "metrics_address": ""}');
	assert.equal(beside('unix:///run/t.sock'), undefined, 'metrics are switched off');
});

test('listening addresses are read as seen from beside', () => {
	assert.deepEqual(parseMetricsAddress('0.0.0.0:1'), {host: 'localhost', port: 1});
	assert.deepEqual(parseMetricsAddress('[::1]:2'), {host: '::1', port: 2});
	assert.equal(parseMetricsAddress('nonsense'), undefined);
	assert.equal(parseMetricsAddress(undefined), undefined);
});

test('the page is read whole, and anything but a page is a rejection', async () => {
	using good = await serve('good', (_request, response) => response.end('tetragon_events_total 1\n'.repeat(50_000)));
	assert.equal((await fetchMetrics(good)).length, 24 * 50_000);
	using bad = await serve('bad', (_request, response) => response.writeHead(403).end('no'));
	await assert.rejects(fetchMetrics(bad), /HTTP 403/);
	using cut = await serve('cut', (_request, response) => {
		response.write('tetragon_');
		setTimeout(() => response.destroy(), 10);
	});
	await assert.rejects(fetchMetrics(cut));
	await assert.rejects(fetchMetrics({socketPath: path.join(folder, 'none')}), {code: 'ENOENT'});
});

test('a page of more than 32 MiB is a rejection, and is not read to its end', async () => {
	const chunk = Buffer.alloc(1024 * 1024, '#');
	let sent = 0;
	using endless = await serve('endless', (_request, response) => {
		function send(): void {
			while (!response.destroyed && sent < 200) {
				sent++;
				if (!response.write(chunk)) {
					response.once('drain', send);
					return;
				}
			}
		}

		send();
	});
	await assert.rejects(fetchMetrics(endless), /too long/);
	assert.ok(sent > 32 && sent < 200, `${sent} MiB`);
});
