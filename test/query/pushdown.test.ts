import assert from 'node:assert/strict';
import test from 'node:test';
import {matcherOf} from '../../source/query/match.js';
import {parseChips} from '../../source/query/parse-chips.js';
import {pushDown, withServer} from '../../source/query/pushdown.js';
import {clientFilter} from '../../source/tetragon/filter/filter-match.js';
import {factsOfEvent} from '../../source/tetragon/wire/facts-of-event.js';
import {newFacts} from '../../source/tetragon/wire/new-facts.js';
import {actor, Scene} from '../store/scene.js';

function chips(text: string) {
	const parsed = parseChips(text);
	assert.ok('chips' in parsed, text);
	return parsed.chips;
}

test('what the agents can run is sent, in RE2, and the chips say so', () => {
	const all = chips("ns=payments pod:api bin=curl c:side l:app=api pid:12 arg:'x w:api");
	const {request, covered} = pushDown(all);
	assert.deepEqual(request, {
		allow_list: [
			{
				namespace: ['payments'],
				pod_regex: ['(?i)a.*p.*i'],
				binary_regex: ['(^|/)curl$'],
				container_name_regex: ['(?i)s.*i.*d.*e'],
				labels: ['app=api'],
				pid: [12],
				arguments_regex: ['(?i)x'],
			},
		],
	});
	assert.deepEqual(
		withServer(all, covered).map(({server}) => server),
		[true, true, true, true, true, true, true, false],
	);
});

test('each comparison is sent as the agents’ regular expression for it, and stays here where they have none', () => {
	const cases: ReadonlyArray<readonly [string, object | undefined]> = [
		['ns:pay', {namespace_regex: ['(?i)p.*a.*y']}],
		['ns~^pay', undefined],
		['pod:api|web', {pod_regex: ['(?i)a.*p.*i', '(?i)w.*e.*b']}],
		['pod:API', {pod_regex: ['A.*P.*I']}],
		['pod:a.b', {pod_regex: ['(?i)a.*\\..*b']}],
		['^api', {pod_regex: ['(?i)^api']}],
		['api$', {pod_regex: ['(?i)api$']}],
		['pod=api', {pod_regex: ['^api$']}],
		['pod:ns/api', undefined],
		['pod=""', undefined],
		['c=""', undefined],
		['bin~curl', {binary_regex: ['curl']}],
		['bin~^/usr', undefined],
		['bin:/usr', {binary_regex: ['(?i)/.*u.*s.*r']}],
		['bin:^/usr', {binary_regex: ['(?i)^/usr']}],
		['bin:^cu', {binary_regex: ['(?i)(^|/)cu[^/]*$']}],
		['bin:cu$', {binary_regex: ['(?i)cu$']}],
		['bin=/bin/sh', {binary_regex: ['^/bin/sh$']}],
		['pid:1|2', {pid: [1, 2]}],
		['pid~^12', undefined],
		['l:app', {labels: ['app']}],
		['l:app=', {labels: ['app=']}],
		['l:"a b"', undefined],
		['l:"app=a b"', undefined],
		['l:"!app"', undefined],
		['pol:deny', undefined],
		['pol=""', undefined],
		['pol~deny', undefined],
		['w:api', undefined],
	];
	for (const [text, wanted] of cases) {
		const {request} = pushDown(chips(text));
		assert.deepEqual(request, wanted === undefined ? {} : {allow_list: [wanted]}, text);
	}
});

test('a regular expression that may match the empty name of the host is not sent', () => {
	for (const text of ['pod~.*', 'pod~(api)?', 'pod~x*|b', 'pod~b|x*', 'c~a*']) {
		assert.deepEqual(pushDown(chips(text)).request, {}, text);
	}

	assert.deepEqual(pushDown(chips('pod~api-1 c~side')).request.allow_list, [
		{pod_regex: ['api-1'], container_name_regex: ['side']},
	]);
});

test('a chip whose terms need different fields of the agents stays here whole', () => {
	for (const text of ['pod:api|ns:pay', 'ns:pay|ns=x', 'ns~^x|ns:pay', 'ns:pay|ns~^x', 'w:api|w:web']) {
		assert.deepEqual(pushDown(chips(text)).request, {}, text);
	}
});

test('event types are sent by name with exec and exit beside them, unless the chip leaves types out', () => {
	for (const text of ['ev:kprobe', 'ev=kprobe', 'ev:process_kprobe']) {
		assert.deepEqual(
			pushDown(chips(text)).request,
			{allow_list: [{event_set: ['PROCESS_KPROBE']}, {event_set: ['PROCESS_EXEC', 'PROCESS_EXIT']}]},
			text,
		);
	}

	for (const text of ['ev~kprobe', "ev:'kprobe", 'ev:^kprobe', '!ev:kprobe', 'ev:open']) {
		assert.deepEqual(pushDown(chips(text)).request, {}, text);
	}
});

test('a chip whose mark stays is the same object, so that nothing is drawn again for it', () => {
	const [chip] = chips('api');
	assert.equal(withServer([chip!], new Set())[0], chip);
	const [marked] = withServer([chip!], new Set(['api']));
	assert.deepEqual(marked, {...chip, server: true});
	assert.equal(withServer([marked!], new Set(['api']))[0], marked);
	assert.equal(withServer([marked!], new Set())[0]?.server, false);
});

test('exec and exit always come along: the tree and the proof of a kill live on them', () => {
	const {request} = pushDown(chips('ns=payments pol=deny'));
	assert.deepEqual(request.allow_list, [
		{namespace: ['payments'], policy_names: ['deny']},
		{namespace: ['payments'], event_set: ['PROCESS_EXEC', 'PROCESS_EXIT', 'PROCESS_USDT']},
	]);
});

test('a second chip on one field stays here: inside a field an agent takes "or"', () => {
	const {request, covered} = pushDown(chips('api web'));
	assert.deepEqual(request.allow_list, [{pod_regex: ['(?i)a.*p.*i']}]);
	assert.deepEqual([...covered], ['api']);
});

test('nothing is denied by a field that an old agent does not know', () => {
	assert.deepEqual(pushDown(chips('!health !c:side !ns:pay')).request, {deny_list: [{pod_regex: ['(?i)health']}]});
	assert.deepEqual(pushDown(chips('w:api t:12:03')).request, {});
});

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: nested loops over all combinations
test('the agents never leave out what the chips let through', () => {
	const people = [
		actor({binary: '/usr/bin/curl', arguments: 'http://x'}),
		actor({binary: '/usr/bin/CURL', pod: 'API-1', namespace: 'payments'}),
		actor({binary: '/opt/curl/run', pod: 'api-7d9f', namespace: 'payments', container: 'side', labels: {app: 'api'}}),
		actor({binary: 'curl', pod: '', arguments: ''}),
		actor({binary: '/bin/sh', pod: 'web', namespace: 'web', workload: 'curl'}),
	];
	const scene = new Scene();
	for (const process of people) {
		scene.exec(1, process);
		scene.hook(2, process, {action: 'KPROBE_ACTION_POST', policy: 'audit'});
		scene.hook(2, process, {kind: 'process_usdt', policy: 'audit'});
		scene.exit(3, process);
	}

	const fields = ['', 'ns', 'pod', 'bin', 'arg', 'c', 'pol', 'w', 'node', 'ev'];
	const values = [
		'api',
		"'api",
		'^api',
		'1$',
		'curl',
		'^curl',
		'curl$',
		'payments',
		'side',
		'audit',
		'exec',
		'kprobe',
		'""',
		'x',
	];
	let hidden = 0;
	for (const field of fields) {
		for (const value of values) {
			for (const negate of ['', '!']) {
				for (const operator of field === '' ? [''] : [':', '=', '~']) {
					const text = `${negate}${field}${operator}${value}`;
					const parsed = parseChips(text);
					if ('error' in parsed) {
						continue;
					}

					const server = clientFilter(pushDown(parsed.chips).request);
					const matches = matcherOf(parsed.chips, id => scene.store.nodeName(id)).event;
					const feed = scene.store.openFeed(matches);
					while (feed.step(1000, () => 0)) {
						// To the end.
					}

					const facts = newFacts();
					for (let index = 0; index < feed.length; index++) {
						factsOfEvent(scene.store.event(feed.seqAt(index))!, facts);
						assert.ok(server?.(facts) ?? true, `${text} hides event ${feed.seqAt(index)} at the agent`);
					}

					hidden += feed.total - feed.length;
					scene.store.closeFeed(feed);
				}
			}
		}
	}

	assert.ok(hidden > 1000, 'the filters do hide something');
});
