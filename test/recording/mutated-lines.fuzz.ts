/** `npm run test:fuzz`: as mutated-lines.test.ts, with more of them. */
import test from 'node:test';
import {mutate} from './mutated-lines.js';

test('100 000 recorded events with faults in them: nothing throws, no line is lost', t => {
	mutate(100_000, text => t.diagnostic(text));
});
