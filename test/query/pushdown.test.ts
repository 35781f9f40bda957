import assert from 'node:assert/strict';
import test from 'node:test';
import {matcherOf} from '../../source/query/match.js';
import {parseChips} from '../../source/query/parse.js';
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
