/**
Closes a single executable of Bun against its environment. Bun reads variables before the program's first line: BUN_OPTIONS
may name a file to run, BUN_BE_BUN makes the executable the command bun, BUN_INSPECT opens a debugger, and
BUN_JSC_functionOverrides replaces functions. No flag of `bun build` turns them off. So the names are taken out of the
machine code: a name that begins with a zero byte is the name of no variable.
*/

/** BUN_ENV is no variable that acts: it is a name that Bun's transpiler looks for in sources. */
const kept = /^BUN_ENV(?![A-Z_])/;

/** @returns {number} how many names were changed */
function closeNames(bytes) {
	let count = 0;

	for (let at = bytes.indexOf('BUN_'); at !== -1; at = bytes.indexOf('BUN_', at + 1)) {
		if (!kept.test(bytes.toString('latin1', at, at + 9))) {
			bytes[at] = 0;
			count++;
		}
	}

	return count;
}

const prefix = [...Buffer.from('BUN_JSC_')];

/** x64: `cmp byte [register + n], letter; jne elsewhere` for each letter. The first jump becomes one without a condition. */
function closePrefixX64(bytes) {
	const [letter, jumpIfNotEqual, jump, longest] = [prefix[0], 0x75, 0xeb, 12];
	let count = 0;

	for (let at = bytes.indexOf(letter); at !== -1; at = bytes.indexOf(letter, at + 1)) {
		if (bytes[at + 1] !== jumpIfNotEqual) {
			continue;
		}

		let place = at;
		const isPrefix = prefix.slice(1).every(next => {
			const found = bytes.subarray(place + 1, place + longest).indexOf(Buffer.from([next, jumpIfNotEqual]));
			place += found + 1;
			return found !== -1;
		});

		if (isPrefix) {
			bytes[at + 1] = jump;
			count++;
		}
	}

	return count;
}

/** arm64: `cmp register, letter` for each letter. The first compares with a number that no byte has. */
function closePrefixArm64(bytes) {
	const [longest, none] = [6, 0xfff];
	const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
	const withoutRegister = 0xff_ff_fc_1f;
	function compared(letter) {
		return (0x71_00_00_1f | (letter << 10)) >>> 0;
	}
	let count = 0;

	for (let at = 0; at < words.length; at++) {
		if ((words[at] & withoutRegister) >>> 0 !== compared(prefix[0])) {
			continue;
		}

		let place = at;
		const isPrefix = prefix.slice(1).every(next => {
			const found = words
				.subarray(place + 1, place + longest)
				.findIndex(word => (word & withoutRegister) >>> 0 === compared(next));
			place += found + 1;
			return found !== -1;
		});

		if (isPrefix) {
			words[at] = (words[at] | (none << 10)) >>> 0;
			count++;
		}
	}

	return count;
}

/**
Changes the bytes of the executable. Throws where a place is missing: then the runtime is another one, and somebody must look
at it.
@param {Buffer} bytes
@param {string} target
*/
export function closeRuntime(bytes, target) {
	const names = closeNames(bytes);
	const prefixes = target.includes('arm64') ? closePrefixArm64(bytes) : closePrefixX64(bytes);

	if (names < 100 || prefixes !== 1) {
		throw new Error(`${target}: ${names} names of variables and ${prefixes} prefixes were found in the runtime`);
	}
}
