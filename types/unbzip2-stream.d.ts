declare module 'unbzip2-stream' {
	/** A stream of the first generation of Node: write() makes its `data` events at once. */
	type Unbzip2 = {
		on(event: 'data', take: (chunk: Uint8Array) => void): void;
		on(event: 'error', take: (error: unknown) => void): void;
		write(chunk: Uint8Array): boolean;
		end(): void;
	};

	export default function unbzip2Stream(): Unbzip2;
}
