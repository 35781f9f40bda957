/** An agent drops the events of a client that reads slowly, in silence: whatever the store does, the socket is drained. */
import assert from 'node:assert/strict';
import {fork} from 'node:child_process';
import {once} from 'node:events';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import {Fleet} from '../../source/fleet/fleet.js';
import {Store} from '../../source/store/store.js';
import {agentLink} from '../../source/tetragon/agent/client.js';
import {patchedTsx} from '../program/patched.js';

const wanted = 200_000;

test('200 000 frames arrive without loss while the consumer is busy', {timeout: 180_000}, async t => {
	const agent = fork(fileURLToPath(new URL('../agent/flood.ts', import.meta.url)), [String(wanted)], {
		execArgv: [patchedTsx],
		stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
	});
	// It removes its socket when we let go of it.
	t.after(async () => {
		agent.disconnect();
		await once(agent, 'exit');
	});
	const [path] = (await once(agent, 'message')) as [string];
	const store = new Store();
	const fleet = new Fleet({store, request: {}});
	t.after(async () => fleet.close());
	// A screen that computes: 20 ms out of 60 the event loop is not there.
	const busy = setInterval(() => {
		for (const until = performance.now() + 20; performance.now() < until; ) {
			// Painting.
		}
	}, 60);
	t.after(() => clearInterval(busy));
	fleet.add(agentLink({address: {type: 'unix', path}, node: 'flooded', via: 'exec'}));
	const from = performance.now();
	while (store.totals(Date.now()).events < wanted) {
		assert.ok(performance.now() - from < 150_000, `only ${store.totals(Date.now()).events}`);
		await new Promise(resolve => setTimeout(resolve, 10));
	}

	agent.send('dropped?');
	const [dropped] = (await once(agent, 'message')) as [number];
	assert.deepEqual([store.totals(Date.now()).events, dropped], [wanted, 0]);
	assert.deepEqual(Object.keys(store.totals(Date.now()).shed), []);
});
