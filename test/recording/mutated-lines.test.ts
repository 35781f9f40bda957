import test from 'node:test';
import {mutate} from './mutated-lines.js';

test('3 000 recorded events with faults in them: nothing throws, no line is lost', t => {
	mutate(3000, text => t.diagnostic(text));
});
