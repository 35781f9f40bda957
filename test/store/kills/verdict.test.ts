import assert from 'node:assert/strict';
import test from 'node:test';
import {
	atOnceMs,
	type Evidence,
	jitterMs,
	type KillAction,
	proofMs,
	verdictOf,
} from '../../../source/store/kills/verdict.js';

const base: Evidence = {
	listedMode: 'unknown',
	ruling: 'uncounted',
	timeMs: 10_000,
	exitMs: Number.NaN,
	exitSignal: '',
	wentOn: 'no',
	returnedError: undefined,
	isKilledByOther: false,
};

function killedAfter(ms: number): Partial<Evidence> {
	return {exitMs: base.timeMs + ms, exitSignal: 'SIGKILL'};
}

const left = {exitMs: base.timeMs + 100, exitSignal: ''};

type Row = readonly [action: KillAction, evidence: Partial<Evidence>, verdict: string];

const tables: Readonly<Record<string, readonly Row[]>> = {
	'the counters decide, and the exit says what came of it': [
		['SIGKILL', {ruling: 'enforced', ...killedAfter(1)}, 'KILLED counters'],
		['SIGKILL', {ruling: 'enforced', ...killedAfter(60_000)}, 'KILLED counters'],
		['SIGKILL', {ruling: 'enforced', ...killedAfter(-jitterMs)}, 'KILLED counters'],
		['SIGKILL', {ruling: 'enforced', ...killedAfter(-jitterMs - 1)}, 'NOT KILLED counters'],
		['SIGKILL', {ruling: 'enforced'}, 'KILL-SENT counters'],
		['SIGKILL', {ruling: 'enforced', ...left}, 'NOT KILLED counters'],
		['SIGKILL', {ruling: 'enforced', listedMode: 'monitor', ...killedAfter(1)}, 'KILLED counters'],
		['SIGKILL', {ruling: 'monitored', listedMode: 'enforce', ...killedAfter(1)}, 'WOULD-KILL counters'],
		['SIGNAL', {ruling: 'monitored'}, 'WOULD-SIGNAL counters'],
		['OVERRIDE', {ruling: 'monitored'}, 'WOULD-DENY counters'],
		['NOTIFYENFORCER', {ruling: 'monitored'}, 'WOULD-KILL counters'],
		['OVERRIDE', {ruling: 'enforced', ...killedAfter(1)}, 'DENIED counters'],
		['POST', {ruling: 'enforced', ...killedAfter(1)}, 'KILLED counters'],
	],
	'enforced and monitored in one window stay open, unless the process itself shows that it lived': [
		['SIGKILL', {ruling: 'mixed', ...killedAfter(1)}, 'KILL ? mixed'],
		['SIGKILL', {ruling: 'mixed', ...left}, 'NOT KILLED went-on'],
		['SIGKILL', {ruling: 'mixed', wentOn: 'later'}, 'NOT KILLED went-on'],
		['SIGNAL', {ruling: 'mixed', ...left}, 'KILL ? mixed'],
		['OVERRIDE', {ruling: 'mixed'}, 'DENY ? mixed'],
		['OVERRIDE', {ruling: 'mixed', returnedError: true}, 'DENIED error'],
		['OVERRIDE', {ruling: 'mixed', returnedError: false}, 'WOULD-DENY error'],
	],
	'until the counters speak, the listed mode holds as long as the exit agrees with it': [
		['SIGKILL', {ruling: 'pending', listedMode: 'enforce', ...killedAfter(1)}, 'KILLED mode'],
		['SIGKILL', {ruling: 'pending', listedMode: 'enforce'}, 'KILL-SENT mode'],
		['SIGKILL', {ruling: 'pending', listedMode: 'enforce', ...left}, 'KILL ? awaits-counters'],
		['SIGKILL', {ruling: 'pending', listedMode: 'monitor'}, 'WOULD-KILL mode'],
		['SIGKILL', {ruling: 'pending', listedMode: 'monitor', ...left}, 'WOULD-KILL mode'],
		['SIGKILL', {ruling: 'pending', listedMode: 'monitor', ...killedAfter(1)}, 'KILL ? awaits-counters'],
		['SIGKILL', {ruling: 'pending', listedMode: 'monitor', ...killedAfter(proofMs + 1)}, 'WOULD-KILL mode'],
		[
			'SIGNAL',
			{ruling: 'pending', listedMode: 'monitor', exitMs: 10_001, exitSignal: 'SIGTERM'},
			'KILL ? awaits-counters',
		],
		['OVERRIDE', {ruling: 'pending', listedMode: 'monitor', returnedError: true}, 'DENY ? awaits-counters'],
		['OVERRIDE', {ruling: 'pending', listedMode: 'enforce', returnedError: false}, 'DENY ? awaits-counters'],
		['OVERRIDE', {ruling: 'pending', listedMode: 'enforce'}, 'DENIED mode'],
		['SIGKILL', {ruling: 'pending', listedMode: 'changed', ...killedAfter(1)}, 'KILL ? awaits-counters'],
	],
	'an agent without counters: the listed mode holds, and where it changed nothing is claimed': [
		['SIGKILL', {listedMode: 'enforce', ...killedAfter(1)}, 'KILLED mode'],
		['SIGKILL', {listedMode: 'enforce', ...left}, 'NOT KILLED went-on'],
		['SIGKILL', {listedMode: 'monitor', ...killedAfter(1)}, 'WOULD-KILL mode'],
		['SIGKILL', {listedMode: 'changed', ...killedAfter(1)}, 'KILL ? mode-changed'],
		['OVERRIDE', {listedMode: 'enforce', returnedError: false}, 'DENY ? mode-unknown'],
	],
	'no mode was recorded: only what the process did proves anything': [
		['SIGKILL', killedAfter(proofMs), 'KILLED exit'],
		['SIGKILL', killedAfter(proofMs + 1), 'KILL ? mode-unknown'],
		['SIGKILL', {...killedAfter(1), wentOn: 'soon'}, 'KILL ? mode-unknown'],
		['SIGKILL', {...killedAfter(1), isKilledByOther: true}, 'KILL ? mode-unknown'],
		['SIGKILL', {}, 'KILL ? mode-unknown'],
		['SIGKILL', left, 'NOT KILLED went-on'],
		['SIGKILL', {exitMs: 10_001, exitSignal: 'SIGTERM'}, 'NOT KILLED went-on'],
		['SIGKILL', {wentOn: 'later'}, 'NOT KILLED went-on'],
		['NOTIFYENFORCER', killedAfter(1), 'KILLED exit'],
		['NOTIFYENFORCER', left, 'NOT KILLED went-on'],
		['OVERRIDE', {returnedError: true, ...killedAfter(1)}, 'DENIED error'],
		['OVERRIDE', {returnedError: false}, 'DENY ? mode-unknown'],
		['OVERRIDE', {}, 'DENY ? mode-unknown'],
		['SIGNAL', killedAfter(atOnceMs), 'KILLED exit'],
		['SIGNAL', killedAfter(atOnceMs + 1), 'KILL ? mode-unknown'],
		['SIGNAL', {exitMs: 10_001, exitSignal: 'SIGTERM'}, 'SIGNALLED exit'],
	],
	'SIGNAL proves only its own signal, and what an enforcer did shows in the process': [
		['SIGNAL', {ruling: 'enforced', ...killedAfter(atOnceMs)}, 'KILLED counters'],
		['SIGNAL', {ruling: 'enforced', ...killedAfter(atOnceMs + 1)}, 'SIGNALLED counters'],
		['SIGNAL', {ruling: 'enforced', ...killedAfter(1), wentOn: 'soon'}, 'SIGNALLED counters'],
		['SIGNAL', {ruling: 'enforced', ...killedAfter(1), isKilledByOther: true}, 'SIGNALLED counters'],
		['SIGNAL', {ruling: 'enforced', exitMs: 10_001, exitSignal: 'SIGTERM'}, 'SIGNALLED counters'],
		['NOTIFYENFORCER', {ruling: 'enforced', ...killedAfter(proofMs)}, 'KILLED counters'],
		['NOTIFYENFORCER', {ruling: 'enforced', ...killedAfter(proofMs + 1)}, 'DENIED counters'],
		['NOTIFYENFORCER', {ruling: 'enforced', ...left}, 'DENIED counters'],
		['NOTIFYENFORCER', {ruling: 'enforced'}, 'KILL-SENT counters'],
	],
};

for (const [promise, rows] of Object.entries(tables)) {
	test(promise, () => {
		for (const [action, evidence, expected] of rows) {
			const {state, reason} = verdictOf(action, {...base, ...evidence});
			assert.equal(`${state} ${reason}`, expected, `${action} ${JSON.stringify(evidence)}`);
		}
	});
}

test('OVERRIDE is never called a kill, whatever is known', () => {
	for (const ruling of ['enforced', 'monitored', 'mixed', 'pending', 'uncounted', 'none'] as const) {
		for (const listedMode of ['enforce', 'monitor', 'changed', 'unknown'] as const) {
			for (const returnedError of [true, false, undefined]) {
				const {state} = verdictOf('OVERRIDE', {...base, ruling, listedMode, returnedError, ...killedAfter(1)});
				assert.match(state, /DEN/, `${ruling} ${listedMode} ${returnedError}`);
			}
		}
	}
});
