import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {matcherOf} from '../../source/query/match.js';
import {parseChips} from '../../source/query/parse-chips.js';
import {killStateTable} from '../../source/store/enforcement-states.js';
import type {FilterRow} from '../../source/store/ring/filter-row.js';

const names: readonly string[] = killStateTable.map(({state}) => state);

function statesFoundBy(text: string): readonly string[] {
	const parsed = parseChips(text);
	assert.ok(!('error' in parsed), text);
	const {event} = matcherOf(parsed.chips, () => '');
	return names.filter(killState => event?.({killState} as FilterRow));
}

test('kill: finds each state by its value, its short word and its name', () => {
	for (const {state, short, filter} of killStateTable) {
		assert.deepEqual(statesFoundBy(`kill:${filter}`), [state]);
		assert.deepEqual(statesFoundBy(`kill="${state}"`), [state]);
		assert.deepEqual(
			statesFoundBy(`!kill:${filter}`),
			names.filter(name => name !== state),
		);
		const alike: readonly string[] = killStateTable.filter(row => row.short === short).map(row => row.state);
		assert.deepEqual(statesFoundBy(`kill:${short}`), alike);
	}
	assert.deepEqual(statesFoundBy('kill:would'), ['WOULD-KILL', 'WOULD-SIGNAL', 'WOULD-DENY']);
	assert.deepEqual(statesFoundBy('kill:killed|denied'), ['KILLED', 'DENIED']);
	assert.deepEqual(statesFoundBy('kill~^NOT'), ['NOT KILLED']);
});

test('kill: with no word of a state says which there are', () => {
	const parsed = parseChips('kill:nothing');
	assert.ok('error' in parsed);
	for (const {filter} of killStateTable) {
		assert.ok(parsed.error.includes(filter));
	}
});

/** Texts of string literals and templates, without those in comments. */
function literalsOf(file: string): readonly string[] {
	const code = readFileSync(file, 'utf8').replaceAll(/\/\*.*?\*\/|^\s*\/\/.*$/gms, '');
	const literals = code.matchAll(/'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`|"((?:[^"\\\n]|\\.)*)"/gs);
	return [...literals].map(([, single, template, double]) => single ?? template ?? double ?? '');
}

test('the name of a state is written in the table alone: elsewhere it is a value that the compiler checks', () => {
	const root = path.join(import.meta.dirname, '../../source');
	const spelled = /\b(?:KILLED|KILL-SENT|UNSEEN|DENIED|SIGNALLED|WOULD-(?:KILL|SIGNAL|DENY))\b|\b(?:KILL|DENY) \?/;
	const wrong: string[] = [];
	for (const file of readdirSync(root, {recursive: true, encoding: 'utf8'})) {
		if (!/\.tsx?$/.test(file) || file.endsWith('enforcement-states.ts')) {
			continue;
		}
		for (const literal of literalsOf(path.join(root, file))) {
			if (spelled.test(literal) && !names.includes(literal)) {
				wrong.push(`${file}: ${literal}`);
			}
		}
	}
	assert.deepEqual(wrong, []);
});
