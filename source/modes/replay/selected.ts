/** The events of a recording that --since, --until and --last ask for. */
import type {RecordedPolicies} from '../../recording/policies.js';
import {RecordedEvent} from '../../recording/reader.js';
import {isWhole, Newest, type Span, type SpanTally} from '../span.js';

/** Policies between events that are left out come with the next one that is kept: they are the modes at that time. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: each line passes the same tests in one order
export async function* selected(
	batches: AsyncGenerator<readonly RecordedEvent[]>,
	span: Span,
	tally: SpanTally,
): AsyncGenerator<readonly RecordedEvent[]> {
	if (isWhole(span) && !Number.isFinite(span.last)) {
		yield* batches;
		return;
	}

	const newest = Number.isFinite(span.last) ? new Newest<RecordedEvent>(span.last) : undefined;
	let pending: readonly RecordedPolicies[] = [];
	for await (const batch of batches) {
		const kept: RecordedEvent[] = [];
		for (const recorded of batch) {
			const policies = [...pending, ...(recorded.policies ?? [])];
			if (!tally.has(recorded.timeMs)) {
				pending = policies;
				continue;
			}

			pending = [];
			kept.push(policies.length === 0 ? recorded : withPolicies(recorded, policies));
		}

		for (const recorded of newest === undefined ? [] : kept) {
			newest?.add(recorded, recorded.timeMs);
		}

		if (newest === undefined && kept.length > 0) {
			yield kept;
		}
	}

	yield newest?.all() ?? [];
}

function withPolicies({line, event, source}: RecordedEvent, policies: readonly RecordedPolicies[]): RecordedEvent {
	return new RecordedEvent(line, event, policies, source);
}
