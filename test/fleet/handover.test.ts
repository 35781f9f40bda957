import assert from 'node:assert/strict';
import test from 'node:test';
import {Handover} from '../../source/fleet/handover.js';
import type {EventsRequest, EventsSink} from '../../source/tetragon/agent/link.js';
import {FakeAgent, startFake} from './fake-agent.js';

class FilteredAgent extends FakeAgent {
	readonly requests: EventsRequest[] = [];
	readonly sinks: EventsSink[] = [];
	cancelled = 0;

	override events(request: EventsRequest, sink: EventsSink) {
		this.requests.push(request);
		this.sinks.push(sink);
		super.events(request, sink);
		return {
			cancel: () => {
				this.cancelled++;
			},
		};
	}
}

function frame(text: string) {
	return Buffer.from(text);
}

function start(t: test.TestContext) {
	t.mock.timers.enable({apis: ['setTimeout']});
	const agent = new FilteredAgent();
	const handover = new Handover(agent);
	const got: string[] = [];
	const ends: string[] = [];
	const sink: EventsSink = {
		frame: bytes => got.push(Buffer.from(bytes).toString()),
		event: () => undefined,
		malformed: () => undefined,
		end: ({text}) => ends.push(text),
	};
	const subscription = handover.connection.events({}, sink);
	return {agent, handover, got, ends, subscription};
}

test('another filter loses no event and shows none twice, in whatever order the two streams deliver', t => {
	const {agent, handover, got, ends} = start(t);
	const [one] = agent.sinks;
	one?.frame(frame('a'));
	handover.refilter({allow_list: [{namespace: ['b']}]});
	assert.deepEqual(agent.requests.at(-1), {allow_list: [{namespace: ['b']}]});
	const two = agent.sinks[1];
	one?.frame(frame('b'));
	two?.frame(frame('b'));
	two?.frame(frame('c'));
	one?.frame(frame('c'));
	// The same bytes twice on each stream are two events.
	one?.frame(frame('d'));
	one?.frame(frame('d'));
	two?.frame(frame('d'));
	two?.frame(frame('d'));
	assert.deepEqual(got, ['a', 'b', 'c', 'd', 'd']);
	assert.equal(agent.cancelled, 0);
	t.mock.timers.tick(500);
	assert.equal(agent.cancelled, 1, 'the old stream ends when the new one delivers');
	one?.frame(frame('late'));
	one?.end({code: 1, text: 'cancelled'});
	two?.frame(frame('b'));
	assert.deepEqual(got.at(-1), 'b', 'the memory of the handover is gone');
	assert.deepEqual(ends, []);
	two?.end({code: 14, text: 'lost'});
	assert.deepEqual(ends, ['lost']);
});

test('a quiet agent gets the new filter too, and every stream is closed with the subscription', t => {
	const {agent, handover, subscription} = start(t);
	handover.refilter({});
	handover.refilter({});
	assert.equal(agent.cancelled, 1, 'a second change ends the first one');
	t.mock.timers.tick(5000);
	assert.equal(agent.cancelled, 2);
	handover.refilter({});
	subscription.cancel();
	assert.equal(agent.cancelled, 4);
	handover.refilter({});
	assert.equal(agent.requests.length, 4);
});

test('an agent that refuses the new filter ends the stream', t => {
	const {agent, handover, ends} = start(t);
	handover.refilter({});
	agent.sinks[1]?.end({code: 3, text: 'no such field'});
	assert.deepEqual(ends, ['no such field']);
});

test('a fleet gives its agents another request without a reconnection', async t => {
	const agent = new FilteredAgent();
	let request: EventsRequest = {};
	const {fleet, markers} = await startFake(t, {narrowed: () => request}, agent);
	request = {allow_list: [{namespace: ['b']}]};
	fleet.refilter();
	assert.deepEqual(agent.requests, [{}, request]);
	assert.equal(agent.count('open'), 1);
	assert.ok(!markers.some(({type}) => type === 'gap'));
});
