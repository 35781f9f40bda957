/** The detail as a component. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {atEachSize, enforced, Mounted, type Size} from './mounted.js';
import {Scene} from './scene.js';

/** The newest kill, opened. */
function killed(size: Size): Mounted {
	return new Mounted(size, enforced()).press('3', 'enter', 'f');
}

atEachSize('the first tab says what happened, why, to whom and where', size => {
	const pane = killed(size);
	const text = `${pane.text('detail')}\n${pane.press('G').text('detail')}`;
	for (const answer of [
		/KILLED by policy file-monitoring-filtered/,
		/why +security_file_permission → \/etc\/shadow/,
		/proof +exit 20:35:32\.335 signal SIGKILL/,
		/process +\/usr\/bin\/head {2}pid 1475/,
		/parent +1474 /,
		/pod +default\/tiefighter/,
	]) {
		assert.match(text, answer);
	}
});

atEachSize('l goes through the tabs, h back, and each shows what its name says', size => {
	const pane = killed(size);
	const shown: string[] = [];
	for (let tab = 0; tab < 5; tab++) {
		shown.push(pane.text('detail'));
		pane.press('l');
	}

	assert.equal(new Set(shown).size, 5);
	assert.match(shown.join('\n'), /"process_kprobe"/);
	assert.match(shown.join('\n'), /podrun/);
	for (let tab = 0; tab < 5; tab++) {
		pane.press('h');
	}

	assert.equal(pane.text('detail'), shown[0]);
});

atEachSize('the raw tab scrolls to its last line and no further', size => {
	const pane = killed(size).press('y');
	const first = pane.text('detail');
	assert.match(first, /\{/);
	pane.press('G');
	const end = pane.text('detail');
	assert.match(end, /\}/);
	assert.equal(pane.press('j', 'pagedown').text('detail'), end);
	assert.equal(pane.press('g').text('detail'), first);
});

atEachSize('Esc closes the detail and leads back to the pane that it was opened from', size => {
	const pane = new Mounted(size, enforced()).press('2', 'k', 'enter');
	assert.equal(pane.user.ui.focus, 'detail');
	pane.press('esc');
	assert.equal(pane.user.ui.focus, 'events');
});

atEachSize('the detail shows the row under the cursor of the pane that it was opened from', size => {
	const pane = new Mounted(size, enforced()).press('1', 'j', 'j', 'j', 'enter', 'f');
	assert.match(pane.text('detail'), /pid 1474/);
	assert.match(pane.text('detail'), /exit 0|status 0/);
});

test('a value longer than the pane is wrapped and never cut', () => {
	const scene = new Scene();
	const node = scene.node('minikube');
	const words = Array.from({length: 40}, (_, index) => `word${index}`).join(' ');
	scene.take(node, {process_exec: {process: {exec_id: 'long', pid: 9, binary: '/bin/x', arguments: words}}});
	const pane = new Mounted([80, 24], scene).press('2', 'k', 'enter', 'f');
	const text = pane.text('detail');
	for (let index = 0; index < 40; index++) {
		assert.match(text, new RegExp(`\\bword${index}\\b`));
	}
});

test('with nothing chosen the detail says how to choose', () => {
	assert.match(new Mounted([200, 60]).text('detail'), /nothing is chosen/);
});
