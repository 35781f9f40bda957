import assert from 'node:assert/strict';
import test from 'node:test';
import {GrpcError, listen} from '../../source/demo/server.js';
import {Fleet} from '../../source/fleet/fleet.js';
import {signals} from '../../source/modes/fleet/signal-filter.js';
import {Store} from '../../source/store/store.js';
import {agentLink} from '../../source/tetragon/agent/client.js';
import {encodeMessage} from '../../source/tetragon/wire/encode.js';
import {until} from '../kubernetes/cluster/until.js';

/** As agents answered. */
const words = {
	cel: [2, "error compiling CEL expression: ERROR: <input>:1:1: undeclared reference to 'process_lsm'\n | process_lsm"],
	'event set': [3, 'proto: cannot parse invalid wire-format data'],
} as const;

for (const [name, [code, text]] of Object.entries(words)) {
	test(`an agent that rejects the filter for senders of signals sends the target's events at once (${name})`, async t => {
		const asked: string[] = [];
		const server = await listen(
			{
				['GetVersion']: () => Buffer.from(encodeMessage('GetVersionResponse', {version: 'v1.7.0'})),
				GetEvents(request, subscriber) {
					asked.push(request.toString('latin1'));
					if (request.includes('security_task_kill')) {
						throw new GrpcError(code, text);
					}

					const event = {node_name: 'n', process_exec: {process: {exec_id: 'a', pod: {namespace: 'd', name: 'xwing'}}}};
					subscriber.push(Buffer.from(encodeMessage('GetEventsResponse', event)));
					return () => undefined;
				},
			},
			'127.0.0.1:0',
		);
		t.after(async () => server.close());
		const store = new Store();
		const request = {allow_list: [{pod_regex: ['^xwing$']}]};
		// A back-off would be noticed: it begins with an hour.
		const fleet = new Fleet({store, request, widened: signals, backoff: {firstMs: 3_600_000, maximumMs: 3_600_000}});
		t.after(async () => fleet.close());
		fleet.add(agentLink({address: {type: 'tcp', host: '127.0.0.1', port: server.port}}));
		await until('an event came', () => store.totals().events === 1);
		assert.equal(asked.length, 2);
		assert.ok(asked.every(each => each.includes('^xwing$')));
		const [problem] = store.problems();
		assert.equal(problem?.severity, 'note');
		assert.match(problem?.fix ?? '', /who sent a signal from outside of the target is not seen/);
		assert.doesNotMatch(problem?.why ?? '', /\n/);
		assert.ok(store.rules().every(({type}) => type === 'connected'));
	});
}
