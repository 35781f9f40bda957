import assert from 'node:assert/strict';
import {test} from 'node:test';
import {narrowingsOf} from '../../source/modes/narrowings.js';
import type {Config} from '../../source/options/config.js';
import type {Flag} from '../../source/options/flag.js';
import type {Options} from '../../source/options/options.js';
import {parseOptions} from '../../source/options/parse.js';
import {flags} from '../../source/options/table.js';
import {buildRequest, requestOf, requestParts} from '../../source/tetragon/filter/filter.js';
import {initialState} from '../../source/ui/state/initial.js';
import {narrowingsOf as allNarrowings} from '../../source/ui/state/narrowings.js';

/** A value of each filter flag; a flag without one fails the test below. */
const samples: Readonly<Record<string, string>> = {
	namespace: 'default,ci',
	'namespace-regex': '^kube',
	pod: '^tie',
	process: 'curl',
	container: 'app',
	'event-types': 'exec',
	'policy-names': 'p',
	labels: 'a=b',
	'cel-expression': 'true',
	deny: 'pod=xwing',
	node: 'worker-1',
	since: '10m',
	until: '5m',
	last: '10',
};

/** It says who applies the chips, and hides nothing by itself; the others say where a log store is asked. */
const notNarrowing = new Set(['server-filter', 'query', 'org-id', 'heal']);
/** Of live events they hide none: they ask for the past. */
const ofReplay = new Set(['since', 'until', 'last']);
const table: readonly Flag[] = flags;
const narrowing = table.filter(
	({name, group}) => (group === 'filter' && !notNarrowing.has(name)) || name === 'namespace' || name === 'node',
);

function parsed(argv: readonly string[], environment = {}, config?: Config): Options {
	const {options, error} = parseOptions(argv, environment, config);
	assert.ok(options, error?.why);
	return options;
}

test('each flag that narrows is a narrowing with its value, and the request is made of the same parts', () => {
	for (const {name, kind, commands} of narrowing) {
		const isOfAgents = commands.includes('live') && !ofReplay.has(name);
		const value = samples[name];
		assert.ok(kind === 'switch' || value, `${name} needs a sample`);
		const options = parsed([
			...(isOfAgents ? [] : ['replay', 'x']),
			`--${name}`,
			...(kind === 'switch' ? [] : [value ?? '']),
		]);
		const [shown, ...others] = narrowingsOf(options);
		assert.equal(others.length, 0, name);
		assert.match(shown?.text ?? '', new RegExp(`^--${name}`));
		assert.equal(shown?.isAtAgent, isOfAgents, name);
		assert.deepEqual(requestOf(requestParts(options)), buildRequest(options));
		if (name !== 'node' && isOfAgents) {
			assert.notDeepEqual(buildRequest(options), {}, name);
		}
	}
});

test('a narrowing says where it was set: by a flag, in the environment, in the configuration', () => {
	const config = {entries: [{name: 'pod', texts: ['^tie'], where: 'config.yaml:1'}], keys: {}, mistakes: []};
	const options = parsed(['-e', 'exec'], {TETRATOP_HOST: 'true'}, config);
	assert.deepEqual(
		narrowingsOf(options).map(({text}) => text),
		['pod: ^tie (config)', '--event-types PROCESS_EXEC', 'TETRATOP_HOST=true'].toSorted((a, b) => order(a) - order(b)),
	);
});

/** The order of the fields of a request. */
function order(text: string): number {
	return ['pod:', '--event', 'TETRATOP'].findIndex(start => text.startsWith(start));
}

test('in a replay no agent applies a flag', () => {
	assert.deepEqual(
		narrowingsOf(parsed(['replay', 'x', '--pod', '^tie'])).map(({isAtAgent}) => isAtAgent),
		[false],
	);
});

test('the list of the screen has the given ones', () => {
	const given = narrowingsOf(parsed(['--pod', '^tie']));
	const ui = initialState({columns: 80, rows: 24, targetName: '', mode: 'live', allowWrite: false, chips: [], given});
	assert.deepEqual(allNarrowings(ui), given);
});
