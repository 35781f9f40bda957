/** What is said of an end that nothing explains: what was looked at, and what would give the answer. */
import type {Death, Proof} from '../death.js';
import type {Evidence} from './evidence.js';
import {whoSignals} from './who-signals.js';

export function unknownDeath(evidence: Evidence): Death {
	const {exit, unseen, seesSignals, isSettled, sight} = evidence;
	const how = exit.signal === '' ? `exit code ${exit.status}` : exit.signal;
	const proof: Proof[] = [{atMs: exit.timeMs, text: `exit by ${how}`}];
	const shared = {state: 'UNKNOWN', name: 'UNKNOWN', lookedAt: lookedAt(evidence), isEcho: false, proof} as const;
	if (unseen.length > 0) {
		const names = unseen.join(', ');
		return {
			...shared,
			cause: `policy ${names}?`,
			sentence: `the counter of policy ${names} rose at that time and no event says whom it hit: it may have been this process`,
			policy: '',
		};
	}

	if (!isSettled && sight.pods !== 'not asked') {
		return {
			...shared,
			cause: 'not known yet',
			sentence: `it died of ${how}; what Kubernetes says of it may still come`,
			policy: seesSignals ? '' : whoSignals,
		};
	}

	const sentence = seesSignals
		? `it died of ${how}, and no process sent it: the kernel did (out of memory, the end of its parent), or the event was lost`
		: `it died of ${how}; what was looked at does not tell who sent it`;
	return {...shared, cause: how, sentence, policy: seesSignals ? '' : whoSignals};
}

function lookedAt({sight, seesSignals, pod}: Evidence): readonly string[] {
	return [
		'events and counters of the policies: none of them killed it',
		seesSignals
			? 'signals: a policy of this node reports them, and none was sent to it'
			: 'signals: no policy reports them on this node; the one below would',
		...(sight.pods === 'seen'
			? [
					pod === undefined
						? 'status of the pod: it is not known'
						: 'status of the pod: no OOM, no eviction, no deletion',
				]
			: []),
		...(sight.events === 'seen' ? ['events of the pod: no probe, no stop by the kubelet'] : []),
		...sight.words,
	];
}
