import assert from 'node:assert/strict';
import test from 'node:test';
import {EventStream} from '../../source/fleet/event-stream.js';
import {Arrival} from '../../source/store/arrival.js';
import {Keep, type KeepOptions} from '../../source/store/keep.js';
import {Store} from '../../source/store/store.js';
import type {ServerFilter} from '../../source/tetragon/agent/link.js';
import type {Event} from '../../source/tetragon/event/event.js';
import {encodeMessage} from '../../source/tetragon/wire/encode.js';
import {actor} from './scene.js';

function exec(namespace: string, binary = '/bin/sh'): Event {
	return {node_name: 'node-1', process_exec: {process: actor({namespace, binary})}};
}

function arrivalOf(event: Event): Arrival {
	return new Arrival().frame(encodeMessage('GetEventsResponse', event));
}

const onlyShop = {request: {allow_list: [{namespace: ['shop']}]}} satisfies KeepOptions;
const isOwn: KeepOptions['isOwn'] = (_node, facts) => facts.readProcess()?.binary === '/usr/bin/tetra';

test('an event outside of the filter flags is filtered, whatever the agent made of them', () => {
	const keep = new Keep(onlyShop);
	assert.equal(keep.judge(0, arrivalOf(exec('shop'))), 'kept');
	assert.equal(keep.judge(0, arrivalOf(exec('default'))), 'filtered');
});

test('without any filter an event is kept and its facts are not read', () => {
	const arrival = arrivalOf(exec('shop'));
	Object.defineProperty(arrival, 'facts', {get: () => assert.fail('the facts were read')});
	assert.equal(new Keep().judge(0, arrival), 'kept');
});

test('events of own processes are told apart by node, and are kept while they are shown', () => {
	const nodes: string[] = [];
	const keep = new Keep({
		isOwn(node, facts) {
			nodes.push(node);
			return isOwn('', facts);
		},
		nodeName: node => `node-${node}`,
	});
	const own = arrivalOf(exec('', '/usr/bin/tetra'));
	assert.equal(keep.judge(7, own), 'own');
	keep.isOwnShown = true;
	assert.equal(keep.judge(7, own), 'kept');
	assert.deepEqual(nodes, ['node-7', 'node-7'], 'asked even while they are shown: their children are known by them');
});

test('the target may change what is in scope', () => {
	let scope: readonly ServerFilter[] | undefined;
	const keep = new Keep({scope: () => scope});
	const shop = arrivalOf(exec('shop'));
	assert.equal(keep.judge(0, shop), 'kept');
	scope = [{namespace: ['default']}];
	assert.equal(keep.judge(0, shop), 'filtered');
	scope = [{namespace: ['default']}, {namespace: ['shop']}];
	assert.equal(keep.judge(0, shop), 'kept');
});

test('a stream counts its own events as hidden, and those outside of the flags not at all', () => {
	const store = new Store();
	const node = store.openNode('node-1');
	const recorded: number[] = [];
	const names: string[] = [];
	const stream = new EventStream({
		store,
		node,
		keep: new Keep({...onlyShop, isOwn}),
		tap: () => ({frame: bytes => recorded.push(bytes.length), line: line => recorded.push(line.length), policies() {}}),
		now: () => 1000,
		arrived() {},
		named: name => names.push(name),
	});
	const events = [exec('default'), exec('shop'), exec('shop', '/usr/bin/tetra'), exec('shop', '/bin/cat')];
	for (const event of events) {
		stream.frame(encodeMessage('GetEventsResponse', event));
		stream.event(Buffer.from(JSON.stringify(event)), event);
	}

	const [status] = store.nodes(1000);
	assert.deepEqual([status?.events, status?.hidden, store.totals(1000).events], [4, 2, 4]);
	assert.equal(stream.events, 8);
	assert.equal(recorded.length, 8, 'a recording holds every event');
	assert.deepEqual(names, ['node-1']);
});
