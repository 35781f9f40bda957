import assert from 'node:assert/strict';
import test from 'node:test';
import {eventTypeOf, eventTypes, isHook, isKindNumber, kinds} from '../../../source/tetragon/event/kinds.js';
import {enums} from '../../../source/tetragon/wire/schema.js';
import {messageOf} from '../../../source/tetragon/wire/schema-table.js';

const envelope = messageOf('GetEventsResponse');
const cases = envelope.fields.filter(({oneof}) => oneof === 'event');

test('the table has a row for every case of the oneof in proto/, by name and number', () => {
	assert.deepEqual(
		kinds.map(({name, number}) => [name, number]),
		cases.map(({name, number}) => [name, number]),
	);
});

test('in capitals, a name is the EventType of the same number', () => {
	const types = (enums['EventType'] ?? '').split(', ').filter(type => type !== '0 UNDEF');
	assert.deepEqual(
		kinds.map(({number}, index) => `${number} ${eventTypes[index]}`),
		types,
	);
});

test('a kind has a function name if, and only if, its events are of a policy', () => {
	for (const {name, functionName} of kinds) {
		const message = messageOf(envelope.byName.get(name)?.typeName ?? '');
		assert.equal(isHook(name), message.byName.has('policy_name'), name);
		assert.deepEqual(
			functionName.filter(field => !message.byName.has(field)),
			[],
			name,
		);
	}

	assert.equal(isHook('unknown'), false);
});

test('every word and every name is that of one kind', () => {
	const words = kinds.flatMap(({name, words: short}) => [name, ...short]).filter(word => word !== 'test');
	assert.equal(new Set(words).size, words.length);
});

test('an event type is known by its name, by the JSON key and in short', () => {
	for (const text of ['PROCESS_KPROBE', 'process_kprobe', 'process-kprobe', 'kprobe', ' Kprobe ']) {
		assert.equal(eventTypeOf(text), 'PROCESS_KPROBE', text);
	}

	assert.equal(eventTypeOf('rate-limit-info'), 'RATE_LIMIT_INFO');
	assert.equal(eventTypeOf('UNDEF'), undefined);
	assert.equal(eventTypeOf(''), undefined);
});

test("the numbers from 1000 to 39 999 are the envelope's own fields, all others can be kinds", () => {
	for (const {number, oneof} of envelope.fields) {
		assert.equal(isKindNumber(number), oneof === 'event', String(number));
	}

	assert.deepEqual([999, 1000, 39_999, 40_000].map(isKindNumber), [true, false, false, true]);
});
