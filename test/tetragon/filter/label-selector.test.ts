import assert from 'node:assert/strict';
import test from 'node:test';
import {parseSelector} from '../../../source/tetragon/filter/label-selector.js';

const labels = {app: 'web', tier: 'front', 'app.kubernetes.io/name': 'x', empty: ''};

test('selectors mean what they mean to kubectl', () => {
	const matching = [
		'',
		'app=web',
		'app==web',
		'app = web , tier=front',
		'app!=api',
		'missing!=api',
		'app in (api, web)',
		'app notin (api)',
		'missing notin (a)',
		'app',
		'!missing',
		'app.kubernetes.io/name=x',
		'empty=',
		'app=web,!missing,tier in (front)',
	];
	for (const selector of matching) {
		assert.equal(parseSelector(selector)(labels), true, selector);
	}

	const failing = [
		'app=api',
		'app!=web',
		'missing',
		'missing=',
		'!app',
		'app in (api)',
		'app notin (web)',
		'app=web,tier=back',
		'toString',
	];
	for (const selector of failing) {
		assert.equal(parseSelector(selector)(labels), false, selector);
	}
});

test('what is no selector is refused with the part that is none', () => {
	for (const selector of ['a in ((((', 'a in', '=b', 'a=b,', ',', 'a=b=c', 'a b', '(a)', 'a in (b', '!']) {
		assert.throws(() => parseSelector(selector), Error, selector);
	}
});
