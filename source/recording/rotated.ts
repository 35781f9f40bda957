/** The order of rotated files, oldest first: of lumberjack (tetragon-2026-11-28T04-06-05.263.log), logrotate (.1, .2.gz, -20261128). */
import path from 'node:path';

type Name = {
	/** What all files of one log have in common. */
	readonly family: string;
	/** Sorts the files of a family, as text. */
	readonly order: string;
};

const compressed = /\.(?:gz|zst|xz|bz2)$/;
const stamped = /-(\d{4}-?\d\d-?\d\d(?:T\d\d-\d\d-\d\d(?:\.\d+)?)?)((?:\.[A-Za-z]+)?)$/;
const numbered = /\.(\d{1,4})$/;
/** After every date and number. */
const living = '~';

function nameOf(file: string): Name {
	const plain = file.replace(compressed, '');
	const number = numbered.exec(plain)?.[1];
	if (number !== undefined) {
		return {family: plain.replace(numbered, ''), order: `0${String(99_999 - Number(number)).padStart(5, '0')}`};
	}

	const stamp = stamped.exec(plain);
	return stamp === null
		? {family: plain, order: living}
		: {family: plain.replace(stamped, '$2'), order: `1${stamp[1]?.replaceAll('-', '')}`};
}

/** Puts the files of each log in order, at the places of the list that they have; other files stay where they are. */
export function inOrder(files: readonly string[]): string[] {
	const families = new Map<string, string[]>();
	for (const file of files) {
		const {family} = nameOf(file);
		families.set(family, [...(families.get(family) ?? []), file]);
	}

	const sorted = new Map(
		[...families].map(([family, members]) => [
			family,
			members.toSorted((one, other) => (nameOf(one).order < nameOf(other).order ? -1 : 1)),
		]),
	);
	return files.map(file => sorted.get(nameOf(file).family)?.shift() ?? file);
}

const recordings = /(?:^|[._-])(?:log|jsonl?|ndjson)(?:[._-]|$)/i;

/** The files of a folder that may be recordings, in order. */
export function recordingsIn(folder: string, names: readonly string[]): string[] {
	const files = names.filter(name => recordings.test(name) && !name.startsWith('.')).toSorted();
	return inOrder(files.map(name => path.join(folder, name)));
}
