/** Lost events by cause. When a loss of unknown size is among them, no total may look complete. */

import type {Problem} from '../../problem.js';
import type {FeedMarker} from '../snapshot.js';

export class Loss {
	readonly shed = new Map<string, number>();
	malformed = 0;
	malformedLine: number | undefined;
	/** Events of which the stream itself said that they are missing. */
	announced = 0;
	/** Some are missing, and nobody counted them. */
	isUnknown = false;

	/** Counts events that tetratop itself dropped. */
	drop(cause: string, count: number): void {
		this.shed.set(cause, (this.shed.get(cause) ?? 0) + count);
	}

	/** Notes the loss that a rule of the feed reports. The counters of the agents are in the totals already. */
	note(rule: FeedMarker): void {
		this.isUnknown ||= rule.type === 'gap' || rule.type === 'throttled';
	}

	/** `lineNumber` is that of the first one, counted from 1. */
	unreadable(count: number, lineNumber: number | undefined): void {
		this.malformed += count;
		this.malformedLine ??= lineNumber;
	}
}

const severities = ['error', 'warning', 'note'];

export class Problems {
	readonly #problems = new Map<string, Problem>();

	/** Returns true when the problem is new or has changed. */
	raise(problem: Problem): boolean {
		const known = this.#problems.get(problem.id);
		if (
			known?.severity === problem.severity &&
			known.what === problem.what &&
			known.why === problem.why &&
			known.fix === problem.fix
		) {
			return false;
		}

		this.#problems.set(problem.id, problem);
		return true;
	}

	settle(id: string): boolean {
		return this.#problems.delete(id);
	}

	/** Most important first; among equals the one that came first. */
	all(): Problem[] {
		return [...this.#problems.values()].sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
	}
}
