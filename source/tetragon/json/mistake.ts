/** A JSON value that proto/ does not allow at its place: the whole line is then no event. */
export class Mistake extends Error {
	override name = 'Mistake';
}

/** A 64-bit number that JSON.parse has rounded: its digits must be read from the text. */
export class Rounded extends Error {
	override name = 'Rounded';
}

const longest = 40;

/** A foreign value in a message: its type, and the start of its text. */
export function shown(value: unknown): string {
	if (Array.isArray(value)) {
		return 'a list';
	}

	if (typeof value === 'object') {
		return value === null ? 'null' : 'an object';
	}

	const text = typeof value === 'string' ? JSON.stringify(value.slice(0, longest + 1)) : String(value);
	return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
