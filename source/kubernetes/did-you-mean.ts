/** The known names that are nearest to a mistyped one: few edits, or the mistyped name as a part of the known one. */
import {editDistance} from '../edit-distance.js';

/** The nearest name; undefined when no name is near. */
export function didYouMean(name: string, known: Iterable<string>): string | undefined {
	return nearest(name, known, 1)[0];
}

/** At most `count` near names, nearest first. */
export function nearest(name: string, known: Iterable<string>, count: number): readonly string[] {
	const wanted = name.toLowerCase();
	const scored: Array<{readonly name: string; readonly score: number}> = [];
	for (const candidate of known) {
		const score = distance(wanted, candidate.toLowerCase());
		if (score <= Math.max(2, Math.floor(wanted.length / 3))) {
			scored.push({name: candidate, score});
		}
	}

	scored.sort((a, b) => a.score - b.score || a.name.localeCompare(b.name));
	return scored.slice(0, count).map(entry => entry.name);
}

function distance(wanted: string, candidate: string): number {
	if (candidate === wanted) {
		return 0;
	}

	// The workload `deathstar` for its pod deathstar-7848d6c4d5-58jxw.
	if (candidate.startsWith(`${wanted}-`) || (wanted.length >= 3 && candidate.includes(wanted))) {
		return 1;
	}

	return editDistance(wanted, candidate);
}
