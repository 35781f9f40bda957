import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Effect} from '../../../source/ui/state/reaction.js';
import type {User} from '../user.js';
import {chooseRow, menuOf, set, userOf} from './recorded-user.js';

function copiesOf({effects}: User): ReadonlyArray<Extract<Effect, {type: 'copy'}>> {
	return effects.filter(effect => effect.type === 'copy');
}

test('c copies the command line of a process, C offers its values and the commands that ask for the same', () => {
	const user = chooseRow(userOf(), ({binary}) => binary === '/usr/bin/head');
	user.press('c');
	assert.deepEqual(
		copiesOf(user).map(({text, what}) => [text, what]),
		[['/usr/bin/head -1 /etc/shadow', 'command line']],
	);
	user.press('C');
	const menu = menuOf(user);
	const pod = menu.get('pod') ?? '';
	const namespace = menu.get('namespace') ?? '';
	assert.equal(menu.get('kubectl: the pod'), `kubectl get pod -n ${namespace} ${pod} -o yaml`);
	assert.equal(menu.get('kubectl: its last log'), `kubectl logs -n ${namespace} ${pod} -c spaceship --previous`);
	assert.equal(
		menu.get('tetra: the same events'),
		`tetra getevents -o compact --namespace ${namespace} --pod '^${pod}$'`,
	);
	assert.equal(menu.has('event as JSON'), false);
	user.press('down', 'enter');
	assert.equal(copiesOf(user).length, 2);
	assert.equal(user.ui.overlay, undefined);
});

test('a process that came by kubectl exec has the request of the audit log, ten seconds around its start', () => {
	const user = userOf();
	user.press('3', 'C');
	const words = menuOf(user).get('audit log: who came in by exec') ?? '';
	assert.match(
		words,
		/objectRef\.subresource="exec" AND objectRef\.namespace="default" AND objectRef\.name="tiefighter"/,
	);
	const [from = '', to = ''] = [...words.matchAll(/requestReceivedTimestamp[<>]="([^"]+)"/g)].map(([, time]) => time);
	assert.equal(Date.parse(to) - Date.parse(from), 10_000);
});

test('an event and an alert have their JSON, with the event itself first', () => {
	const user = userOf();
	user.press('2', 'g', 'C');
	assert.match(menuOf(user).get('event as JSON') ?? '', /^\{"process_[a-z]+":\{.*"node_name":"minikube","time":"/);
	user.press('esc', '3', 'C');
	assert.match(menuOf(user).get('event as JSON') ?? '', /^\{"process_kprobe":\{/);
	user.press('esc', 'enter', 'C');
	assert.match(menuOf(user).get('event as JSON') ?? '', /^\{"process_kprobe":\{/);
});

test('a name with a quote is one word of the shell', () => {
	const user = userOf();
	const node = user.scene.node('other');
	const pod = {namespace: "it's", name: 'a b', container: {id: 'containerd://1', name: 'c'}};
	user.scene.take(node, {process_exec: {process: {exec_id: '1', pid: 1, binary: '/bin/x', pod}}});
	user.press('2', 'G', 'C');
	assert.equal(menuOf(user).get('kubectl: the pod'), `kubectl get pod -n 'it'\\''s' 'a b' -o yaml`);
});

test('a group of the tree copies its name; in a problem c copies what to do, in a text the text', () => {
	const user = chooseRow(userOf(), ({type}) => type === 'namespace');
	user.press('c');
	assert.equal(copiesOf(user)[0]?.what, 'namespace');
	user.scene.store.raise({id: 'p', severity: 'error', what: 'broken', why: 'because', fix: 'mend it'});
	user.press('v', 'c');
	assert.deepEqual(copiesOf(user)[1], {type: 'copy', text: 'mend it', what: 'what to do'});
	set(user, {overlay: {type: 'problem', id: 'gone', scroll: 0}}).press('c');
	assert.equal(copiesOf(user).length, 2);
	set(user, {overlay: {type: 'text', title: 't', text: 'words', scroll: 0}}).press('c');
	assert.deepEqual(copiesOf(user)[2], {type: 'copy', text: 'words', what: 'the text'});
});
