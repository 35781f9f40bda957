/** The shape of the store's Problem; kept here as well, because this room does not know the store. */
export type Problem = {
	readonly id: string;
	readonly severity: 'error' | 'warning' | 'note';
	readonly what: string;
	readonly why: string;
	readonly fix: string;
};
