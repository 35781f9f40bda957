/** Lines of a byte stream, without their newline: JSON of a watch, of `tetra getevents -o json`, of a log. */

/** tetra reads lines of up to 10 MiB; nothing real is longer. */
export const longestLine = 10 * 1024 * 1024;

export type LineSplitter = {
	/** Calls `line` for each line that is complete now. The bytes are valid during the call only. */
	readonly push: (chunk: Uint8Array) => void;
	/** What stands after the last newline. */
	readonly rest: () => Uint8Array;
};

/** A line longer than the limit is handed over in one piece, cut, and its remainder is dropped. */
export function splitLines(line: (bytes: Uint8Array) => void, limit = longestLine): LineSplitter {
	let parts: Uint8Array[] = [];
	let length = 0;
	let dropping = false;

	function end(last: Uint8Array) {
		if (!dropping) {
			const whole = parts.length === 0 ? last : Buffer.concat([...parts, last]);
			if (whole.length > 0) {
				line(whole);
			}
		}

		parts = [];
		length = 0;
		dropping = false;
	}

	return {
		push(chunk) {
			let start = 0;
			for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, start)) {
				end(chunk.subarray(start, at));
				start = at + 1;
			}

			if (start === chunk.length || dropping) {
				return;
			}

			length += chunk.length - start;
			// Copied: the chunk's memory is its owner's again after this call.
			parts.push(Buffer.from(chunk.subarray(start)));
			if (length > limit) {
				end(new Uint8Array());
				dropping = true;
			}
		},
		rest: () => Buffer.concat(parts),
	};
}
