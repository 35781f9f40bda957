/** The stores that a command line can name: another store is a row here and a file beside `loki/`. */
import {isLokiAddress, lokiSettings} from './loki/settings.js';
import type {HistoryStore, NsSpan} from './store-record.js';

export type StoreRequest = {
	readonly query?: string | undefined;
	readonly orgId?: string | undefined;
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly span: NsSpan;
	readonly signal: AbortSignal;
	/** Says that a store is waited for, and why. */
	readonly waits?: (why: string) => void;
};

type StoreKind = {
	readonly isAddress: (text: string) => boolean;
	/** Throws a Refusal for an address or a setting that cannot be. */
	readonly open: (address: string, request: StoreRequest) => Promise<HistoryStore>;
};

const kinds: readonly StoreKind[] = [
	{
		isAddress: isLokiAddress,
		open: async (address, {query, orgId, environment, span, signal, waits}) => {
			const settings = lokiSettings(address, {query, orgId}, environment);
			const {Loki} = await import('./loki/loki.js');
			return new Loki(settings, {span, signal, ...(waits === undefined ? {} : {waits})}).record();
		},
	},
];

export function isStoreAddress(text: string): boolean {
	return kinds.some(({isAddress}) => isAddress(text));
}

/** Throws a Refusal; `text` is the address of a store. */
export async function openStore(text: string, request: StoreRequest): Promise<HistoryStore> {
	const kind = kinds.find(({isAddress}) => isAddress(text));
	if (kind === undefined) {
		throw new Error(`${text} is no address of a store`);
	}

	return kind.open(text, request);
}
