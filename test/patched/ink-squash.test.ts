import assert from 'node:assert/strict';
import test from 'node:test';
import {squashOnce} from '../../source/patched/ink-squash.js';

test('the text of an element with one string is made again only when the string changes', () => {
	const text = {nodeName: '#text', nodeValue: 'a'};
	const element = {childNodes: [text]};
	let made = 0;
	function squash(): string {
		made++;
		return text.nodeValue.toUpperCase();
	}

	assert.equal(squashOnce(element, squash), 'A');
	assert.equal(squashOnce(element, squash), 'A');
	assert.equal(made, 1);

	text.nodeValue = '';
	assert.equal(squashOnce(element, squash), '');
	assert.equal(squashOnce(element, squash), '');
	assert.equal(made, 2);
});

test('the text of an element with other children is made every time', () => {
	let made = 0;
	function squash(): string {
		return String(++made);
	}
	for (const childNodes of [
		[],
		[{nodeName: 'ink-virtual-text'}],
		[
			{nodeName: '#text', nodeValue: 'a'},
			{nodeName: '#text', nodeValue: 'b'},
		],
	]) {
		const element = {childNodes};
		assert.notEqual(squashOnce(element, squash), squashOnce(element, squash));
	}
});
