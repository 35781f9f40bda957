/** What a node keeps of the events before now: one record for each place that has them. */
import type {Event} from '../event/event.js';

export type PastSpan = {
	/** Milliseconds since 1970, inclusive. */
	readonly fromMs: number;
	/** Exclusive; Infinity: to the newest event. */
	readonly toMs: number;
	/** The newest bytes that are read; Infinity: all. */
	readonly mostBytes: number;
};

/** Texts of which a line must have one, before it is sent: a coarse filter. Empty: every line is sent. */
export type PastTexts = readonly string[];

/** The line is the event's own memory: it may be kept. */
export type PastEvent = {readonly line: Buffer; readonly event: Event};

export type NodePast = {
	/** `export file`, `log of export-stdout` */
	readonly words: string;
	/** What is not in it, in words: `no host processes`. */
	readonly leftOut: readonly string[];
	/** The events of the span, in the order in which they were written. Throws an Error or a Refusal where the reading fails. */
	readonly open: (span: PastSpan, texts: PastTexts, signal: AbortSignal) => AsyncIterable<readonly PastEvent[]>;
};

/** Finds the first place that works. Rejects with a Refusal that says why there is none. */
export type FindPast = (signal: AbortSignal) => Promise<NodePast>;
