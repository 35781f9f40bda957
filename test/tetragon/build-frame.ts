/** Protobuf bytes by hand: what no encoder would write, but a newer agent, an older one or an enemy may send. */
export function varint(value: number | bigint): number[] {
	let rest = BigInt.asUintN(64, BigInt(value));
	const bytes: number[] = [];
	do {
		const low = Number(rest & 0x7fn);
		rest >>= 7n;
		bytes.push(rest === 0n ? low : low | 0x80);
	} while (rest !== 0n);

	return bytes;
}

export function number(field: number, value: number | bigint): number[] {
	return [...varint(field * 8), ...varint(value)];
}

export function part(field: number, content: string | readonly number[]): number[] {
	const bytes = typeof content === 'string' ? [...Buffer.from(content)] : content;
	return [...varint(field * 8 + 2), ...varint(bytes.length), ...bytes];
}

export function frame(...parts: ReadonlyArray<readonly number[]>): Buffer {
	return Buffer.from(parts.flat());
}
