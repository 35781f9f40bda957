import assert from 'node:assert/strict';
import {test} from 'node:test';
import {safe} from '../../../source/text/safe.js';
import {formOf, savedLines} from '../../../source/ui/save/saved-lines.js';
import {userOf} from '../actions/recorded-user.js';

function linesOf(path: string, user = userOf()): readonly string[] {
	return [...savedLines(user.picture, formOf(path), text => safe(text))];
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
	assert.match(text, /"two\nlines"/);
});

test('JSON lines have the event first and its frame after it', () => {
	const lines = linesOf('a.jsonl');
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
