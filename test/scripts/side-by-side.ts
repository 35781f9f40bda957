/** Rows of texts that lie side by side, drawn by Ink's own Output without its grid of cells. */
type Operation = {readonly transformers: ReadonlyArray<(line: string, index: number) => string>};
type Drawn = {
	applyWriteOperation: () => void;
	readonly write: (x: number, y: number, text: string, options: Operation) => void;
	readonly get: () => {readonly output: string};
};
type Module = {readonly default: new (size: {readonly width: number; readonly height: number}) => Drawn};

// Not an export of Ink.
const {default: Output} = (await import('../../node_modules/ink/build/output.js')) as unknown as Module;

/** @throws Error where a row goes through the grid, as each one does in plain Ink. */
export function rowsSideBySide(): string {
	const output = new Output({width: 40, height: 2});
	output.applyWriteOperation = () => {
		throw new Error('cell by cell');
	};
	// Every <Text> writes with a transformer of its own.
	const transformers = [(line: string) => line];
	output.write(0, 0, '\u001B[1mleft │\u001B[22m', {transformers});
	output.write(10, 0, '\u001B[31mright …\u001B[39m', {transformers});
	output.write(0, 1, 'below', {transformers});
	return output.get().output;
}
