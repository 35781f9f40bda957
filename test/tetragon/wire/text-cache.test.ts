import assert from 'node:assert/strict';
import test from 'node:test';
import {TextCache} from '../../../source/tetragon/wire/text-cache.js';

/** The text of `key` from the cache, and whether it had to be made. */
function ask(cache: TextCache, key: string, type = 'T'): {readonly text: string; readonly isMade: boolean} {
	const bytes = Buffer.from(key, 'latin1');
	let isMade = false;
	const text = cache.text({bytes, at: 0, end: bytes.length}, type, () => {
		isMade = true;
		return `text of ${key}`;
	});
	return {text, isMade};
}

test('a text is made once for the same bytes and type', () => {
	const cache = new TextCache(4);
	assert.deepEqual(ask(cache, 'a'), {text: 'text of a', isMade: true});
	assert.deepEqual(ask(cache, 'a'), {text: 'text of a', isMade: false});
	assert.equal(ask(cache, 'a', 'Other').isMade, true);
	cache.clear();
	assert.equal(ask(cache, 'a').isMade, true);
});

test('two generations of `size` texts are kept, and a text that is asked for stays', () => {
	const cache = new TextCache(4);
	for (let key = 0; key < 8; key++) {
		ask(cache, String(key));
	}

	assert.equal(ask(cache, '0').isMade, false, 'of the older generation, and now of the younger');
	for (let key = 8; key < 16; key++) {
		ask(cache, String(key));
	}

	assert.equal(ask(cache, '0').isMade, true, 'eight others came since');
	assert.equal(ask(cache, '1').isMade, true);
	assert.equal(ask(cache, '14').isMade, false);
});

test('2 048 bytes are the longest key', () => {
	const cache = new TextCache(4);
	for (const [length, isMade] of [
		[2048, false],
		[2049, true],
	] as const) {
		ask(cache, 'x'.repeat(length));
		assert.equal(ask(cache, 'x'.repeat(length)).isMade, isMade, String(length));
	}
});
