/**
Draws random writes with Ink's own Output and prints the results as JSON. ink-patches.test.ts runs it with plain and with
patched packages. The writes lie side by side, overlap, leave the screen on every side, have several lines, wide characters
and transformers, and are sometimes clipped; there are more texts than the caches of the patch hold.
*/
type Options = {readonly transformers: ReadonlyArray<(line: string, index: number) => string>};
type Clip = {readonly x1?: number; readonly x2?: number; readonly y1?: number; readonly y2?: number};
type Drawn = {
	readonly write: (x: number, y: number, text: string, options: Options) => void;
	readonly clip: (clip: Clip) => void;
	readonly unclip: () => void;
	readonly get: () => {readonly output: string; readonly height: number};
};
type Module = {readonly default: new (size: {readonly width: number; readonly height: number}) => Drawn};

// Not an export of Ink.
const {default: Output} = (await import('../../node_modules/ink/build/output.js')) as unknown as Module;

let seed = 5;
function random(below: number): number {
	seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
	return (seed >>> 8) % below;
}

const pieces = [
	'pod',
	' ',
	'│─',
	'▁█',
	'\u001B[31mred\u001B[39m',
	'\u001B[1;4mbold',
	'\u001B[22m',
	'\u001B[7m',
	'漢字',
	'👍🏽',
	'e\u0301',
	'\u001B[0m',
	'…',
];

function textOf(pieceCount: number, isBlock: boolean): string {
	const words = Array.from({length: pieceCount}, () => pieces[random(pieces.length)]!);
	return `${random(100_000)}${words.join(isBlock ? '\n' : '')}`;
}

function upper(line: string): string {
	return line.replaceAll('pod', 'POD');
}
function numbered(line: string, index: number): string {
	return `\u001B[2m${index}\u001B[22m${line}`;
}
const transformers = [[], [upper], [numbered], [upper, numbered]];

const [width, height] = [40, 4];
const drawings: Array<{output: string; height: number}> = [];
for (let count = 0; count < 600; count++) {
	const output = new Output({width, height});
	const kind = random(4);
	if (kind === 3) {
		output.clip({x1: random(8), x2: 20 + random(30), y1: random(2), y2: 2 + random(3)});
	}

	for (let y = 0; y < height; y++) {
		// Side by side in most drawings, anywhere in the others.
		for (let x = random(5) - (kind === 2 ? 3 : 0); x < width; x += 12 + random(12)) {
			const place = kind === 2 ? random(width + 4) - 2 : x;
			output.write(place, kind === 2 ? random(height + 2) - 1 : y, textOf(random(4), kind === 1 && random(8) === 0), {
				transformers: transformers[random(transformers.length)]!,
			});
		}
	}

	if (kind === 3) {
		output.unclip();
	}

	drawings.push(output.get());
}

console.log(JSON.stringify(drawings));
