/**
How deep a JSON text is nested, by its brackets alone and without recursion. Protobuf has such a limit, JSON has none, and everything
that walks a parsed value (JSON.stringify too) recurses by its depth.
*/

/** As protobuf's readers. No event of an agent is half as deep. */
export const deepest = 100;

const quote = 0x22;
const backslash = 0x5c;

/** Whether some place of the text is inside more than `deepest` arrays and objects. The text need not be valid. */
export function isTooDeep(text: string): boolean {
	let depth = 0;
	for (let at = 0; at < text.length; at++) {
		const unit = text.charCodeAt(at);
		if (unit === quote) {
			at = endOfString(text, at + 1);
		} else if (unit === 0x7b || unit === 0x5b) {
			if (++depth > deepest) {
				return true;
			}
		} else if (unit === 0x7d || unit === 0x5d) {
			depth--;
		}
	}

	return false;
}

/** Where the closing quote of a string is whose text begins at `at`; the length of the text if it has none. */
function endOfString(text: string, at: number): number {
	for (let end = at; end < text.length; end++) {
		const unit = text.charCodeAt(end);
		if (unit === quote) {
			return end;
		}

		if (unit === backslash) {
			end++;
		}
	}

	return text.length;
}
