/** A field and a value as the query language writes them. */

/** In quotes where the prompt would read a character of the value as its own. */
export function quoted(value: string): string {
	return /^[\w./:@-]+$/.test(value) ? value : JSON.stringify(value);
}

/** `pod=xwing`, negated `!pod=xwing`, for an empty value `ns=""`. */
export function termOf(field: string, value: string, negate = false): string {
	return `${negate ? '!' : ''}${field}=${value === '' ? '""' : quoted(value)}`;
}
