/**
Ranks the pods that match a word while it is typed, best first: by how well the letters match (fuzzy-match.ts), then by kills,
then by recent events, then by the score of fuse.js. When the letters match next to no pod, fuse.js finds names in spite of a
typing mistake.
*/
import Fuse from 'fuse.js';
import {type Rank, rank, rankOf} from './fuzzy-match.js';

type Ranked = {
	readonly namespace: string;
	readonly pod: string;
	readonly kills: number;
	/** Events of the last seconds. */
	readonly recent: number;
};

type Found<Item> = {readonly item: Item; readonly rank: Rank; score: number};

/** With fewer matches than this a typing mistake is likely. */
const few = 3;
/** Names that fuse.js scores: at about 2 µs a name, more would delay the key. */
const mostScored = 200;

function nameOf(item: Ranked): string {
	return `${item.namespace}/${item.pod}`;
}

/** At most `limit` items, best first. An empty pattern: those with kills, then the busiest. */
export function rankPods<Item extends Ranked>(pattern: string, items: readonly Item[], limit: number): Item[] {
	const word = pattern.trim();
	const best = bestOf(word, items, word === '' ? limit : Math.max(limit, mostScored));
	if (word !== '') {
		score(word, best);
		best.sort(byRank);
	}

	const chosen = best.slice(0, limit).map(({item}) => item);
	if (word.length < 3 || word.includes('/') || chosen.length >= Math.min(few, limit)) {
		return chosen;
	}

	return [...chosen, ...slips(word, items, new Set(chosen), limit - chosen.length)];
}

const indexBits = 2 ** 20;
const recentBits = 2 ** 16;
const killBits = 2 ** 10;

/**
The best `count` by rank, kills and recent events. Each item is one number, since numbers sort many times faster than
objects.
*/
function bestOf<Item extends Ranked>(word: string, items: readonly Item[], count: number): Array<Found<Item>> {
	const keys = new Float64Array(items.length);
	let found = 0;
	for (const [index, item] of items.entries()) {
		const how = word === '' ? rank.consecutive : rankOf(word, word.includes('/') ? nameOf(item) : item.pod);
		if (how !== rank.none) {
			const kills = killBits - 1 - Math.min(item.kills, killBits - 1);
			const recent = recentBits - 1 - Math.min(Math.trunc(item.recent), recentBits - 1);
			keys[found++] = ((how * killBits + kills) * recentBits + recent) * indexBits + (index % indexBits);
		}
	}

	return Array.from(keys.subarray(0, found).sort().subarray(0, count), key => {
		const item = items[key % indexBits]!;
		return {item, rank: Math.floor(key / (killBits * recentBits * indexBits)) as Rank, score: 0};
	});
}

function byRank(a: Found<Ranked>, b: Found<Ranked>): number {
	return (
		a.rank - b.rank ||
		b.item.kills - a.item.kills ||
		b.item.recent - a.item.recent ||
		a.score - b.score ||
		compare(a.item.namespace, b.item.namespace) ||
		compare(a.item.pod, b.item.pod)
	);
}

function score(word: string, found: Array<Found<Ranked>>): void {
	const fuse = new Fuse(
		found.map(({item}) => item.pod),
		{includeScore: true, ignoreLocation: true, threshold: 1},
	);
	for (const {refIndex, score = 1} of fuse.search(word)) {
		found[refIndex]!.score = score;
	}
}

/** Names that fuse.js finds similar, among those that share at least half of the word's pairs of letters. */
function slips<Item extends Ranked>(word: string, items: readonly Item[], without: ReadonlySet<Item>, limit: number) {
	const pairs = pairsOf(word.toLowerCase());
	const close = items
		.filter(item => !without.has(item))
		.map(item => ({item, shared: pairs.filter(pair => item.pod.includes(pair)).length}))
		.filter(({shared}) => shared * 2 >= pairs.length)
		.sort((a, b) => b.shared - a.shared || b.item.kills - a.item.kills || b.item.recent - a.item.recent)
		.slice(0, mostScored);
	const fuse = new Fuse(
		close.map(({item}) => item),
		{keys: ['pod'], ignoreLocation: true, threshold: 0.4},
	);
	return fuse.search(word, {limit}).map(({item}) => item);
}

function pairsOf(word: string): string[] {
	return Array.from({length: word.length - 1}, (_, at) => word.slice(at, at + 2));
}

function compare(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
