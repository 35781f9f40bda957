/**
Events of a flood that were forgotten before a poll counted them: only their times are kept. The next poll says how many of
them were enforced: those that its monitored count has no room for.
*/
import {type Claim, type Family, families, type Poll} from './attribution.js';

const mostTimes = 262_144;

export class Uncounted {
	readonly #times: Readonly<Record<Family, number[]>> = {signal: [], override: [], notify: []};

	get isEmpty(): boolean {
		return families.every(family => this.#times[family].length === 0);
	}

	/** False: there are too many. */
	add({family, timeMs}: Claim): boolean {
		const times = this.#times[family];
		return times.length < mostTimes && times.push(timeMs) > 0;
	}

	/**
	How many were enforced of those that the poll counted. They are the oldest, so it counted them first. `watched`: the families
	of the events that are kept and that it counted as monitored. No poll before: it counted more than was seen here.
	*/
	countedBy(poll: Poll, before: Poll | undefined, watched: readonly Family[]): number {
		let enforced = 0;
		for (const family of families) {
			const times = this.#times[family];
			const risen = {
				enforced: poll.counts[family].enforced - (before?.counts[family].enforced ?? 0),
				monitored: poll.counts[family].monitored - (before?.counts[family].monitored ?? 0),
			};
			const ready = times.filter(timeMs => timeMs <= poll.gotMs).length;
			const counted = Math.min(ready, risen.enforced + risen.monitored);
			const room = risen.monitored - watched.filter(other => other === family).length;
			enforced += before === undefined ? 0 : counted - Math.max(0, Math.min(counted, room));
			times.splice(0, before === undefined ? ready : counted);
		}

		return enforced;
	}
}
