import assert from 'node:assert/strict';
import test from 'node:test';
import {type Chip, fields, fieldWords} from '../../source/query/chip.js';
import {parseChips} from '../../source/query/parse-chips.js';
import {random} from '../store/random.js';

function chipsOf(text: string): readonly Chip[] {
	const parsed = parseChips(text);
	assert.ok('chips' in parsed, 'error' in parsed ? parsed.error : '');
	return parsed.chips;
}

function terms(text: string) {
	return chipsOf(text).map(({negate, terms}) =>
		[negate ? 'not' : '', ...terms.map(({field, comparison, value}) => `${field} ${comparison} ${value}`)]
			.join(' ')
			.trim(),
	);
}

test('a bare word asks for a pod, with the characters of fzf', () => {
	assert.deepEqual(terms('api'), ['pod fuzzy api']);
	assert.deepEqual(terms("'api ^api api$ ^api$ !api"), [
		'pod contains api',
		'pod prefix api',
		'pod suffix api',
		'pod exact api',
		'not pod contains api',
	]);
});

test('each field takes :, = and ~', () => {
	assert.deepEqual(terms('ns:pay ns=payments ns~^pay'), ['ns fuzzy pay', 'ns exact payments', 'ns regex ^pay']);
	assert.deepEqual(terms('!bin=/usr/bin/curl w:deploy/api l:app=api'), [
		'not bin exact /usr/bin/curl',
		'w fuzzy deploy/api',
		'l fuzzy app=api',
	]);
	assert.deepEqual(terms('pid:4121 uid=0 t:12:03:40-12:04:10'), [
		'pid fuzzy 4121',
		'uid exact 0',
		't fuzzy 12:03:40-12:04:10',
	]);
});

test('a space is AND, | is OR with or without spaces, and a regular expression keeps its own', () => {
	assert.deepEqual(terms('api|web bin=sh'), ['pod fuzzy api pod fuzzy web', 'bin exact sh']);
	assert.deepEqual(terms('pod=api | web'), ['pod exact api pod exact web']);
	assert.deepEqual(terms('pod:api|ns:billing'), ['pod fuzzy api ns fuzzy billing']);
	assert.deepEqual(terms('pod~^(api|web)-'), ['pod regex ^(api|web)-']);
});

test('quotes keep spaces, characters of fzf and the empty value', () => {
	assert.deepEqual(terms('arg:"rm -rf /" ns="" arg="a\\"b"'), ['arg fuzzy rm -rf /', 'ns exact', 'arg exact a"b']);
	assert.deepEqual(terms('pod:"!odd|name"'), ['pod fuzzy !odd|name']);
});

test('a " at the start of a word begins a text; the closing one may be missing', () => {
	assert.deepEqual(terms('"cat /etc/shadow" ns:pay'), ['text contains cat /etc/shadow', 'ns fuzzy pay']);
	assert.deepEqual(terms('ns:pay "cat /etc'), ['ns fuzzy pay', 'text contains cat /etc']);
	assert.deepEqual(terms('!"a b"|"c"'), ['not text contains a b text contains c']);
	assert.deepEqual(terms('text:shadow text~sha+'), ['text contains shadow', 'text regex sha+']);
});

test('numbers and times have an order', () => {
	assert.deepEqual(terms('port:>1024 uid:>=1000 ret:<0 pid:<=5 t:>2026-11-28T12:04 ret:EACCES ret:-13 t:-5m'), [
		'port > 1024',
		'uid >= 1000',
		'ret < 0',
		'pid <= 5',
		't > 2026-11-28T12:04',
		'ret fuzzy EACCES',
		'ret fuzzy -13',
		't fuzzy -5m',
	]);
	for (const text of ['port:>x', 'dst:10.0.0.0/33', 'ret:ENOTHING', 'exec:maybe', 't:>noon', '"', 'uid:>']) {
		assert.ok('error' in parseChips(text), text);
	}
});

test('a closing $ is syntax only of a word that takes the characters of fzf', () => {
	assert.deepEqual(terms("pod=a$ pod~a$ 'a$ pod:a$ $"), [
		'pod exact a$',
		'pod regex a$',
		'pod contains a$',
		'pod suffix a',
		'pod fuzzy $',
	]);
});

test('a backslash in quotes that is no escape of JSON keeps the character after it', () => {
	assert.deepEqual(terms('arg="a\\qb" arg="\\d"'), ['arg exact aqb', 'arg exact d']);
});

test('a label takes a value, any value, or a regular expression', () => {
	assert.deepEqual(terms('l:app=api l:app l:app~^a'), ['l fuzzy app=api', 'l fuzzy app', 'l fuzzy app~^a']);
});

test('a negated type, label or time is not made a part of a word', () => {
	assert.deepEqual(terms('!ev:exec !l:app !t:12:03 !pid:1'), [
		'not ev fuzzy exec',
		'not l fuzzy app',
		'not t fuzzy 12:03',
		'not pid fuzzy 1',
	]);
});

test('the long names of fields are understood, in capitals too', () => {
	for (const [long, short] of [
		['namespace', 'ns'],
		['n', 'ns'],
		['binary', 'bin'],
		['process', 'bin'],
		['args', 'arg'],
		['arguments', 'arg'],
		['policy', 'pol'],
		['event', 'ev'],
		['workload', 'w'],
		['container', 'c'],
		['label', 'l'],
		['Namespace', 'ns'],
		['POD', 'pod'],
	] as const) {
		assert.deepEqual(terms(`${long}:x`), [`${short} fuzzy x`]);
	}

	assert.deepEqual(terms('time:12:03'), ['t fuzzy 12:03']);
});

test('each field has words for the help', () => {
	assert.deepEqual(
		fields.filter(field => fieldWords[field].trim() === ''),
		[],
	);
});

test('what cannot be read is named in words, with its place', () => {
	const failing: ReadonlyArray<readonly [string, RegExp, number]> = [
		['api polcy:bar', /no field "polcy"/, 4],
		['pod:', /pod: needs a value/, 4],
		['pod~[a-', /not a regular expression/, 0],
		['bin~(?=x)', /not a regular expression/, 0],
		['pid:abc', /pid is a number/, 0],
		['t:25:00', /not a time/, 0],
		['arg:"open', /quote/, 4],
		['api |', /both sides/, 3],
		['! api', /! needs something/, 0],
		['l:=x', /label has a name/, 0],
		['l:app~[', /not a regular expression/, 0],
	];
	for (const [text, words, at] of failing) {
		const parsed = parseChips(text);
		assert.ok('error' in parsed, text);
		assert.match(parsed.error, words);
		assert.equal(parsed.at, at, text);
	}
});

test('an empty prompt is no chip, and the same chip twice is one', () => {
	assert.deepEqual(terms('   '), []);
	assert.deepEqual(terms('api api'), ['pod fuzzy api']);
});

test('a chip written as text and read again is the same chip', () => {
	const next = random(7);

	function pick<T>(items: readonly T[]): T {
		return items[Math.floor(next() * items.length)]!;
	}

	const letters = [
		'a',
		'Z',
		'0',
		'-',
		'/',
		'.',
		'$',
		'^',
		"'",
		'!',
		'|',
		'"',
		'\\',
		' ',
		':',
		'=',
		'~',
		'(',
		'é',
		'\u{1F600}',
		'\n',
		'\t',
	];
	let read = 0;
	for (let round = 0; round < 20_000; round++) {
		const text = Array.from({length: 1 + Math.floor(next() * 12)}, () =>
			next() < 0.15 ? `${pick(fields)}${pick([':', '=', '~'])}` : pick(letters),
		).join('');
		const parsed = parseChips(text);
		if ('error' in parsed) {
			assert.ok(parsed.at >= 0 && parsed.at <= text.length, text);
			continue;
		}

		for (const chip of parsed.chips) {
			read++;
			assert.deepEqual(parseChips(chip.text), {chips: [chip]}, `${JSON.stringify(text)} → ${chip.text}`);
		}
	}

	assert.ok(read > 5000, `only ${read} chips were read`);
});

test('a word that is like no field is text, also one that every object of JavaScript has', () => {
	for (const text of ['constructor:x', 'toString:x', '__proto__:x', 'hasOwnProperty=x', 'valueOf~x', 'http://x']) {
		const parsed = parseChips(text);
		assert.ok('chips' in parsed, text);
		assert.equal(parsed.chips.length, 1);
		const [term] = parsed.chips[0]?.terms ?? [];
		assert.deepEqual([term?.field, term?.bare, term?.value], ['pod', true, text]);
		const again = parseChips(parsed.chips[0]?.text ?? '');
		assert.ok('chips' in again);
		assert.deepEqual(again.chips[0]?.terms, parsed.chips[0]?.terms, text);
	}
	for (const text of ['polcy:x', 'nmaespace:x', 'nod:x']) {
		assert.ok('error' in parseChips(text), text);
	}
});
