import assert from 'node:assert/strict';
import {Readable} from 'node:stream';
import {test} from 'node:test';
import {RecordingReader} from '../../../source/recording/reader.js';
import {Arrival} from '../../../source/store/arrival.js';
import type {Enforcement} from '../../../source/store/processes/process.js';
import {Store} from '../../../source/store/store.js';
import {formOf, savedLines} from '../../../source/ui/save/saved-lines.js';
import {userOf} from '../actions/recorded-user.js';
import {User} from '../user.js';

function linesOf(path: string, user = userOf()): readonly string[] {
	return [...savedLines(user.picture, formOf(path), user.scene.store.policyLists())];
}

test('the form follows the name of the file', () => {
	for (const [path, form] of [
		['a.csv', 'csv'],
		['A.CSV.gz', 'csv'],
		['a.jsonl', 'jsonl'],
		['a.ndjson', 'jsonl'],
		['a.log', 'jsonl'],
		['a.json.gz', 'jsonl'],
		['a.txt', 'text'],
		['csv', 'text'],
	] as const) {
		assert.equal(formOf(path), form, path);
	}
});

test('CSV has a heading and a line for each event, with the state of an enforcement', () => {
	const lines = linesOf('a.csv');
	assert.equal(lines.length, 79);
	assert.equal(lines[0], 'time,node,namespace,pod,container,binary,arguments,event,detail,policy,state');
	assert.ok(lines.some(line => /,minikube,default,tiefighter,spaceship,\/usr\/bin\/head,/.test(line)));
	assert.ok(lines.some(line => line.endsWith(',file-monitoring-filtered,KILLED')));
});

test('in CSV a formula is made inert, and quotes, commas and line feeds are quoted', () => {
	const user = userOf();
	const node = user.scene.node('minikube');
	user.scene.take(node, {
		time: new Date(user.scene.nowMs).toISOString(),
		process_exec: {process: {exec_id: 'x', pid: 1, binary: '=HYPERLINK("a,b")', arguments: 'two\nlines'}},
	});
	const text = linesOf('a.csv', user).join('|');
	assert.match(text, /"'=HYPERLINK\(""a,b""\)"/);
	assert.match(text, /two\\nlines/);
});

test('JSON lines have the event first and its frame after it', () => {
	const lines = linesOf('a.jsonl').filter(line => !line.startsWith('{"tetratop"'));
	assert.equal(lines.length, 78);
	for (const line of lines) {
		assert.match(Object.keys(JSON.parse(line) as object)[0] ?? '', /^process_/);
		assert.match(line, /"node_name":"minikube","time":"/);
	}
});

test('text has a line for each event and each mark, without control characters', () => {
	const user = userOf();
	user.scene.store.rule(-1, {type: 'mark', text: '12:00:00'}, user.scene.nowMs);
	const node = user.scene.node('minikube');
	user.scene.take(node, {process_exec: {process: {exec_id: 'x', pid: 1, binary: '/bin/\u001B[31mred'}}});
	const lines = linesOf('a.txt', user);
	assert.equal(lines.length, 80);
	assert.ok(lines.some(line => / -- \{"type":"mark"/.test(line)));
	assert.ok(lines.every(line => !line.includes('\u001B')));
	assert.ok(lines.some(line => line.includes('default/tiefighter')));
	assert.equal(linesOf('a.csv', user).length, 80, 'marks are for text alone');
});

const acting = 'a\u001B[2J\u009B2J\u202Eb\u2028c\u2029d\u2066\u061C\u0085';

test('no form of a saved file holds a character that acts: C0, C1, bidi, line separators', () => {
	const user = userOf();
	const node = user.scene.node('minikube');
	for (const field of ['binary', 'arguments'] as const) {
		user.scene.take(node, {process_exec: {process: {exec_id: field, pid: 1, [field]: acting}}});
	}

	for (const file of ['a.csv', 'a.txt', 'a.jsonl']) {
		const lines = linesOf(file, user);
		assert.doesNotMatch(lines.join('|'), /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u, file);
	}

	const last = JSON.parse(linesOf('a.jsonl', user).at(-1) ?? '') as {process_exec: {process: {arguments: string}}};
	assert.equal(last.process_exec.process.arguments, acting);
});

test('in CSV every beginning that a spreadsheet takes for a formula is made inert', () => {
	for (const value of ['=1', '+1', '-1', '@A', '\t=1', '\r=1', ' =1', '\uFF1D1']) {
		const user = userOf();
		user.scene.take(user.scene.node('minikube'), {process_exec: {process: {exec_id: 'x', pid: 1, arguments: value}}});
		const cell = (linesOf('a.csv', user).at(-1) ?? '').split(',').find(text => text.includes(value.at(-1) ?? ''));
		assert.ok((linesOf('a.csv', user).at(-1) ?? '').includes(",'"), `${JSON.stringify(value)} as ${cell}`);
	}
});

function statesOf(store: Store): string[] {
	const kills: Enforcement[] = store.kills().groups.flatMap(group => group.kills);
	return kills.map(({policy, state, mode, timeMs}) => `${timeMs} ${policy} ${mode} ${state}`).toSorted();
}

async function reopened(lines: readonly string[]): Promise<Store> {
	const store = new Store();
	const node = store.openNode('minikube');
	const file = {
		name: 'saved',
		isFile: false,
		bytes: undefined,
		open: () => Readable.from([Buffer.from(lines.join('\n'))]),
	};
	const arrival = new Arrival();
	for await (const batch of new RecordingReader([file]).events()) {
		for (const {line, event, policies = [], timeMs} of batch) {
			for (const {list, atMs} of policies) {
				store.takePolicies(node, list, atMs);
			}

			store.take(node, arrival.line(line, event), timeMs);
		}
	}

	return store;
}

test('JSON lines keep the modes of the policies: reopened, every state is the same', async () => {
	for (const modes of [['TP_MODE_ENFORCE'], ['TP_MODE_MONITOR'], ['TP_MODE_ENFORCE', 'TP_MODE_MONITOR']]) {
		const user = new User();
		const {store} = user.scene;
		const node = user.scene.node('minikube');
		for (const mode of modes) {
			store.takePolicies(node, [{name: 'file-monitoring-filtered', mode}], user.scene.nowMs);
			user.scene.play(node, 'file-enforce');
		}

		const states = statesOf(store);
		assert.ok(states.length >= 3 && states.every(state => !state.includes('unknown')), states.join('\n'));
		assert.deepEqual(statesOf(await reopened(linesOf('a.jsonl', user))), states, modes.join(' then '));
	}
});
