/** A row of texts that stand side by side, drawn by Ink's own Output with its way by cells cut off. Prints what came out. */
type Operation = {readonly transformers: ReadonlyArray<(line: string, index: number) => string>};
type Drawn = {
	applyWriteOperation: () => void;
	readonly write: (x: number, y: number, text: string, options: Operation) => void;
	readonly get: () => {readonly output: string};
};
type Module = {readonly default: new (size: {readonly width: number; readonly height: number}) => Drawn};

const {default: Output} = (await import('../../node_modules/ink/build/output.js')) as unknown as Module;
const output = new Output({width: 40, height: 2});
output.applyWriteOperation = () => {
	throw new Error('cell by cell');
};
// As every <Text> writes: with a transform of its own.
const transformers = [(line: string) => line];
output.write(0, 0, '\u001B[1mleft │\u001B[22m', {transformers});
output.write(10, 0, '\u001B[31mright …\u001B[39m', {transformers});
output.write(0, 1, 'below', {transformers});
console.log(JSON.stringify(output.get().output));
