/** A pod as a candidate of the prompt, with what ranks it. Raw foreign names. */
export type PodFact = {
	readonly namespace: string;
	readonly pod: string;
	readonly node: string;
	/** Events since its first process was seen. */
	readonly events: number;
	readonly kills: number;
	/** Events in the last 5 to 10 s. */
	readonly recent: number;
};
