/** Prints a report for each enforcement of a store, once. */

import process from 'node:process';
import type {LineWriter} from '../../headless/line-writer.js';
import type {Options} from '../../options/options.js';
import type {Enforcement} from '../../store/processes/process.js';
import type {KillGroup} from '../../store/snapshot.js';
import type {Store} from '../../store/store.js';
import {inertJson, terminalJson} from '../../text/inert.js';
import {safe} from '../../text/safe.js';
import type {Span} from '../span.js';
import {note} from '../terminal/lines.js';
import {UsageError} from '../usage-error.js';
import {csvHeader, csvReport, jsonReport, type KillSource, textReport} from './kill-report.js';

/** With --follow: the longest wait for the exit that proves a kill. */
const proofWaitMs = 3000;

export class KillPrinter {
	/** A state of --fail-on was seen. */
	isFound = false;
	readonly #options: Options;
	readonly #span: Pick<Span, 'fromMs' | 'toMs'>;
	readonly #store: Store;
	readonly #writer: LineWriter;
	readonly #redact: (text: string) => string;
	readonly #printed = new Set<Enforcement>();
	/** When a kill was first seen, on the wall clock. */
	readonly #since = new Map<Enforcement, number>();

	/** Throws a UsageError for a --redact that is no regular expression. */
	constructor(options: Options, span: Pick<Span, 'fromMs' | 'toMs'>, store: Store, writer: LineWriter) {
		this.#options = options;
		this.#span = span;
		this.#store = store;
		this.#writer = writer;
		this.#redact = redactor(options.redact ?? []);
	}

	begin(): void {
		if (this.#options.output === 'csv') {
			this.#writer.write(csvHeader);
		}
	}

	/** Prints what is proven, or has waited long enough for its proof. */
	look(): void {
		const now = Date.now();
		this.print(kill => {
			const since = this.#since.get(kill) ?? now;
			this.#since.set(kill, since);
			return Number.isFinite(kill.exitMs) || now - since >= proofWaitMs;
		});
	}

	print(isReady: (kill: Enforcement) => boolean): void {
		const found = this.#store.kills().groups.flatMap(group => group.kills.map(kill => ({kill, group})));
		found.sort((one, other) => one.kill.timeMs - other.kill.timeMs);
		for (const {kill, group} of found) {
			const isIn = kill.timeMs >= this.#span.fromMs && kill.timeMs < this.#span.toMs;
			if (isIn && !this.#printed.has(kill) && isReady(kill)) {
				this.#printed.add(kill);
				this.#report(kill, group);
			}
		}
	}

	/** Says how many kills are counted and not listed. */
	end(): void {
		const dropped = this.#store
			.kills()
			.groups.reduce((sum, {count, kills}) => sum + Math.max(0, count - kills.length), 0);
		if (dropped > 0) {
			note(`${dropped} older kills of the same pod, program and policy are counted on the screen and not listed`);
		}
	}

	#report(kill: Enforcement, group: KillGroup): void {
		this.isFound ||= (this.#options.failOn ?? []).some(word => isState(word, kill));
		const event = kill.seq < 0 ? undefined : this.#store.event(kill.seq);
		const source: KillSource = {kill, group, event, nodeName: this.#store.nodeName(kill.node), redact: this.#redact};
		switch (this.#options.output) {
			case 'json': {
				const line = jsonReport(source);
				this.#writer.write(process.stdout.isTTY ? terminalJson(line) : inertJson(line));
				break;
			}

			case 'csv': {
				this.#writer.write(safe(csvReport(source)));
				break;
			}

			default: {
				const lines = textReport(source).map(line => safe(line));
				this.#writer.write([...(this.#printed.size > 1 ? [''] : []), ...lines].join('\n'));
			}
		}
	}
}

function isState(word: string, {state}: Enforcement): boolean {
	switch (word) {
		case 'killed': {
			return state === 'KILLED';
		}

		case 'denied': {
			return state === 'DENIED';
		}

		case 'would': {
			return state.startsWith('WOULD');
		}

		default: {
			return state === 'UNSEEN';
		}
	}
}

/** Throws a UsageError for what is no regular expression. */
function redactor(patterns: readonly string[]): (text: string) => string {
	const all = patterns.map(pattern => {
		try {
			return new RegExp(pattern, 'g');
		} catch {
			throw new UsageError(`--redact ${pattern}`, 'it is no regular expression', 'correct it', false);
		}
	});
	return text =>
		all.reduce(
			(left, pattern) =>
				left.replaceAll(pattern, (whole: string, first: unknown) =>
					typeof first === 'string' && first !== '' ? whole.replace(first, '***') : '***',
				),
			text,
		);
}
