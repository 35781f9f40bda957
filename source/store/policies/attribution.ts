/**
Whether a policy enforced or only watched, hook event by hook event. An event says what the policy asked for, and the policy's
mode is known at polls only: somebody may switch it between two of them. The agent's counters decide. They count enforced
and monitored actions apart, so between two polls as many events were enforced as `signal` rose, and as many were watched
as `monitor_signal` rose.

The clocks of agent and client differ and an answer takes time, so an event near a poll may be counted before or after it.
Spans that such an event connects are judged together, as one window.
*/

/** The counters that one action raises: its own in enforce mode, its twin in monitor mode. */
export type Family = 'signal' | 'override' | 'notify';

export const families: readonly Family[] = ['signal', 'override', 'notify'];

export type Count = {readonly enforced: number; readonly monitored: number};

/** The counters of one answer to ListTracingPolicies. The agent read them between `askedMs` and `gotMs`. */
export type Poll = {
	readonly askedMs: number;
	readonly gotMs: number;
	readonly counts: Readonly<Record<Family, Count>>;
	/** Events that the policy sent: no more of them than these can stand in for a signal. */
	readonly posts: number;
};

/**
What the process itself says about a claim. `enforced`: something that follows an enforced action (it died of the signal, the
call returned the error). `monitored`: something that cannot follow one (it went on). `open`: neither, or not yet.
*/
export type Trace = 'enforced' | 'monitored' | 'open';

/** One hook event that an action's counters may have counted. */
export type Claim = {
	readonly timeMs: number;
	readonly family: Family;
	/**
	false: the event reports another action of its list, such as POST of `[Sigkill, Post]`. Only what is left of the counters,
	after the events that name the action, can be its.
	*/
	readonly isExplicit: boolean;
	readonly trace: Trace;
	/** Claims with the same key are events of one process: it dies once, however many of them there are. */
	readonly process: unknown;
};

/**
`pending`: the poll that counts it has not come. `lapsed`: it does not come, since the agent restarted or does not answer.
`uncounted`: the counters cannot say (before the first poll, or lost). `early`: they hold what was before the first poll too.
`mixed`: enforced and monitored events lie in one window, and nothing tells them apart. `none`: a report that no signal is
left for; it is only a report.
*/
export type Ruling = 'enforced' | 'monitored' | 'early' | 'mixed' | 'pending' | 'lapsed' | 'uncounted' | 'none';

export type Attribution = {
	/** One ruling for each claim, in the order of the claims. */
	readonly rulings: readonly Ruling[];
	/** Enforcements that the windows counted and no claim explains, oldest window first. */
	readonly unexplained: readonly Unexplained[];
};

export type Unexplained = {
	/** The span of event time in which they happened. */
	readonly fromMs: number;
	readonly toMs: number;
	readonly enforced: number;
	/** Signals alone, which a report of another action may explain. */
	readonly signal: Count;
};

/**
Milliseconds by which an answer may be older than its question, with the difference of the two clocks: an event this long
before a poll may not be in its counters yet.
*/
export const staleMs = 2500;
/** Milliseconds by which the clock of the events may be behind that of the polls: so long after a poll an event may be in it. */
export const slackMs = 1000;

type Span = {
	readonly fromMs: number;
	readonly toMs: number;
	readonly counts: Readonly<Record<Family, Count>>;
	readonly posts: number;
	/** It reaches back to the policy's start: it counted events that nobody here saw. */
	readonly isFirst: boolean;
};

type Window = {readonly spans: Span[]; readonly claims: number[]};

/**
`polls` and `claims` are in order of time; the counters of `polls` never fall. `isCut`: earlier polls were forgotten with the
claims that they counted, so the first poll is a base and counts nothing itself.
*/
export function attribute(polls: readonly Poll[], claims: readonly Claim[], isCut = false): Attribution {
	const rulings: Ruling[] = claims.map(() => 'uncounted');
	const last = polls.at(-1);
	if (last === undefined) {
		return {rulings, unexplained: []};
	}

	const spans = spansOf(polls).filter(({isFirst}) => !(isCut && isFirst));
	const unexplained: Unexplained[] = [];
	for (const window of windowsOf(spans, claims, last)) {
		judgeWindow(window, claims, last, rulings);
		const rest = restOf(window, claims, rulings);
		if (rest !== undefined) {
			unexplained.push(rest);
		}
	}

	for (const [index, claim] of claims.entries()) {
		if (rulings[index] === 'uncounted' && isAfter(claim, last)) {
			rulings[index] = 'pending';
		}
	}

	return {rulings, unexplained};
}

/** The next poll may still count it. */
export function isAfter({timeMs}: Claim, last: Poll): boolean {
	return timeMs > last.askedMs - staleMs;
}

function spansOf(polls: readonly Poll[]): Span[] {
	return polls.map((poll, index) => {
		const before = polls[index - 1];
		return {
			fromMs: before === undefined ? Number.NEGATIVE_INFINITY : before.askedMs - staleMs,
			toMs: poll.gotMs + slackMs,
			counts: before === undefined ? poll.counts : risen(before.counts, poll.counts),
			posts: poll.posts - (before?.posts ?? 0),
			isFirst: before === undefined,
		};
	});
}

function risen(before: Poll['counts'], after: Poll['counts']): Poll['counts'] {
	function of(family: Family): Count {
		return {
			enforced: after[family].enforced - before[family].enforced,
			monitored: after[family].monitored - before[family].monitored,
		};
	}

	return {signal: of('signal'), override: of('override'), notify: of('notify')};
}

function total({enforced, monitored}: Count): number {
	return enforced + monitored;
}

/** Groups the spans that rose at all: two belong together when an event may have been counted in either. */
function windowsOf(spans: readonly Span[], claims: readonly Claim[], last: Poll): readonly Window[] {
	const rising = spans.filter(({counts}) => families.some(family => total(counts[family]) > 0));
	const windows: Window[] = [];
	let next = 0;
	for (const span of rising) {
		const window: Window = {spans: [span], claims: []};
		const before = windows.at(-1);
		// A claim of the window before that this span may have counted as well.
		const isLinked = before?.claims.some(index => canCount(span, claims[index]!)) ?? false;
		const target = isLinked ? before! : window;
		if (isLinked) {
			target.spans.push(span);
		} else {
			windows.push(window);
		}
		while (next < claims.length && claims[next]!.timeMs <= span.toMs) {
			if (canCount(span, claims[next]!) || target.spans.some(other => canCount(other, claims[next]!))) {
				target.claims.push(next);
			}

			next++;
		}
	}

	// An event that only the next poll can count must not use up what others are owed.
	for (const window of windows) {
		dropLatest(window, claims, last);
	}

	return windows;
}

function canCount({fromMs, toMs, counts}: Span, {timeMs, family}: Claim): boolean {
	return timeMs > fromMs && timeMs <= toMs && total(counts[family]) > 0;
}

/** Takes the newest claims out of the window while it holds more explicit ones than were counted. */
function dropLatest(window: Window, claims: readonly Claim[], last: Poll): void {
	for (const family of families) {
		let surplus =
			window.claims.filter(index => claims[index]!.family === family && claims[index]!.isExplicit).length -
			total(countOf(window, family));
		for (let at = window.claims.length - 1; at >= 0 && surplus > 0; at--) {
			const claim = claims[window.claims[at]!]!;
			if (claim.family === family && claim.isExplicit && isAfter(claim, last)) {
				window.claims.splice(at, 1);
				surplus--;
			}
		}
	}
}

function countOf({spans}: Window, family: Family): Count {
	return {
		enforced: spans.reduce((sum, {counts}) => sum + counts[family].enforced, 0),
		monitored: spans.reduce((sum, {counts}) => sum + counts[family].monitored, 0),
	};
}

function judgeWindow(window: Window, claims: readonly Claim[], last: Poll, rulings: Ruling[]): void {
	for (const family of families) {
		const count = countOf(window, family);
		const explicit = window.claims.filter(index => claims[index]!.family === family && claims[index]!.isExplicit);
		ruleExplicit(explicit, claims, count, window, rulings);
		const reports = window.claims.filter(index => claims[index]!.family === family && !claims[index]!.isExplicit);
		const posts = window.spans.reduce((sum, span) => sum + span.posts, 0) - explicit.length;
		const left = {
			enforced: Math.min(posts, count.enforced - explicit.filter(index => rulings[index] !== 'monitored').length),
			monitored: Math.min(posts, count.monitored - explicit.filter(index => rulings[index] !== 'enforced').length),
		};
		ruleReports(reports, claims, left, last, rulings);
	}
}

function ruleExplicit(
	indexes: readonly number[],
	claims: readonly Claim[],
	{enforced, monitored}: Count,
	{spans}: Window,
	rulings: Ruling[],
): void {
	const watched = indexes.filter(index => claims[index]!.trace === 'monitored').length;
	for (const index of indexes) {
		const {trace} = claims[index]!;
		if (monitored === 0) {
			rulings[index] = 'enforced';
		} else if (enforced === 0 || trace === 'monitored') {
			rulings[index] = 'monitored';
		} else if (spans.some(({isFirst}) => isFirst)) {
			// The counters reach back to before the first poll: they hold events that nobody here saw.
			rulings[index] = 'early';
		} else if (monitored <= watched) {
			rulings[index] = 'enforced';
		} else {
			rulings[index] = 'mixed';
		}
	}
}

/** Deaths and reports as they come in time: each process that died takes a signal, each that went on a monitored one. */
function ruleReports(
	indexes: readonly number[],
	claims: readonly Claim[],
	left: Count,
	last: Poll,
	rulings: Ruling[],
): void {
	const died = processesOf(indexes, claims, 'enforced');
	const lived = processesOf(indexes, claims, 'monitored');
	for (const index of indexes) {
		const {trace} = claims[index]!;
		if (isAfter(claims[index]!, last) && trace === 'open') {
			rulings[index] = 'pending';
		} else {
			rulings[index] = 'none';
		}
	}

	const waiting = [...died.values()].filter(({at}) => isAfter(claims[at.at(-1)!]!, last)).length;
	if (left.enforced > 0 && died.size - waiting <= left.enforced) {
		shareSignals([...died.values()], left.enforced, rulings);
	} else if (left.enforced > 0) {
		for (const {at} of died.values()) {
			rulings[at.at(-1)!] = 'mixed';
		}
	}

	// In a window that enforced nothing, each report may be one of a monitored action, however its process ended.
	const watched = left.enforced > 0 ? [...lived.values()].flatMap(({at}) => at) : indexes;
	if (left.monitored > 0 && watched.length <= left.monitored) {
		for (const index of watched) {
			rulings[index] = 'monitored';
		}
	}
}

/** A process dies of its last report; what signals are left over belong to the reports before it, newest first. */
function shareSignals(died: ReadonlyArray<{readonly at: readonly number[]}>, signals: number, rulings: Ruling[]): void {
	const earlier = died.flatMap(({at}) => at.slice(0, -1)).toSorted((one, other) => other - one);
	let left = signals;
	for (const index of [...died.map(({at}) => at.at(-1)!), ...earlier]) {
		if (left <= 0) {
			return;
		}

		rulings[index] = 'enforced';
		left--;
	}
}

function processesOf(
	indexes: readonly number[],
	claims: readonly Claim[],
	trace: Trace,
): ReadonlyMap<unknown, {readonly at: number[]}> {
	const found = new Map<unknown, {readonly at: number[]}>();
	for (const index of indexes) {
		const claim = claims[index]!;
		if (claim.trace === trace) {
			const known = found.get(claim.process);
			if (known === undefined) {
				found.set(claim.process, {at: [index]});
			} else {
				known.at.push(index);
			}
		}
	}

	return found;
}

/** Whether a claim may be what the counters hold as enforced: beside the first poll that is open. */
function explains(ruling: Ruling, claim: Claim, closed: readonly Span[]): boolean {
	const isEarly = ruling === 'early' && claim.trace !== 'monitored' && closed.some(span => canCount(span, claim));
	return isEarly || ruling === 'enforced' || ruling === 'mixed';
}

/** What the window counted and no claim explains. One call may raise several counters, so the largest rest is the number. */
function restOf(window: Window, claims: readonly Claim[], rulings: readonly Ruling[]): Unexplained | undefined {
	const closed = window.spans.filter(({isFirst}) => !isFirst);
	if (closed.length === 0) {
		return undefined;
	}

	const rests = families.map(family => {
		const count = countOf({spans: closed, claims: []}, family);
		const own = window.claims.filter(index => claims[index]!.family === family);
		const explained = own.filter(index => explains(rulings[index]!, claims[index]!, closed)).length;
		const held = own.filter(index => rulings[index] === 'monitored').length;
		return {enforced: count.enforced - explained, monitored: count.monitored - held};
	});
	const enforced = Math.max(0, ...rests.map(rest => rest.enforced));
	const signal = rests[families.indexOf('signal')]!;
	return enforced === 0 && signal.monitored <= 0
		? undefined
		: {fromMs: closed[0]!.fromMs, toMs: closed.at(-1)!.toMs, enforced, signal};
}
