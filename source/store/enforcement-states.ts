/** The states of an enforcement, and the modes of a policy: words that the whole store and its readers use. */

export const killStates = [
	'KILLED',
	'KILL-SENT',
	'WOULD-KILL',
	'DENIED',
	'WOULD-DENY',
	'SIGNALLED',
	'KILL (mode ?)',
	'UNSEEN',
] as const;
export type KillState = (typeof killStates)[number];

/** The policy's mode on the node at the time of the event; unknown: agent before v1.4, or the list could not be read. */
export type PolicyMode = 'enforce' | 'monitor' | 'unknown';
