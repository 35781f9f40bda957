/** Why a pod is worth choosing. Raw foreign names. */
export type PodFact = {
	readonly namespace: string;
	readonly pod: string;
	readonly node: string;
	/** Since its first process was seen. */
	readonly events: number;
	readonly kills: number;
	/** In the last 5 to 10 s. */
	readonly recent: number;
};
