import type {Problem} from '../../problem.js';

/** The target runs, but on none of the nodes of --node; undefined: it is on one of them, or nowhere. */
export function notOnNodes(words: string, on: ReadonlySet<string>, only: readonly string[]): Problem | undefined {
	if (only.length === 0 || on.size === 0 || only.some(node => on.has(node))) {
		return undefined;
	}

	const names = [...on].sort();
	const most = 5;
	const more = names.length > most ? ` and ${names.length - most} more` : '';
	return {
		id: 'target-node',
		severity: 'error',
		isAwaited: true,
		what: `${words} is not on ${only.join(', ')}`,
		why: `it is on ${names.slice(0, most).join(', ')}${more}`,
		fix: `leave --node away, or write --node ${names[0]}; tetratop waits for the target to come to ${only.join(' or ')}`,
	};
}
