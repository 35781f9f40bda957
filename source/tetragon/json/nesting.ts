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
	let inString = false;
	for (let at = 0; at < text.length; at++) {
		const unit = text.charCodeAt(at);
		if (inString) {
			if (unit === backslash) {
				at++;
			} else if (unit === quote) {
				inString = false;
			}
		} else if (unit === quote) {
			inString = true;
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
