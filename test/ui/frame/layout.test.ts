import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type Area, type LayoutInput, layout, type Mode} from '../../../source/ui/frame/layout.js';

const plain = {
	view: 'main',
	focus: 'events',
	zoom: false,
	detailOpen: false,
	timeline: 'small',
	prompt: 'none',
} as const;

function at(columns: number, rows: number, more: Partial<LayoutInput> = {}) {
	return layout({columns, rows, ...plain, ...more});
}

function areas(result: ReturnType<typeof layout>): string {
	return Object.keys(result.boxes).sort().join(' ');
}

const one = 'events header keybar';
const stacked = 'chips events header keybar kills message processes';
const split = 'chips events header input keybar kills message processes timeline';
const wide = 'chips detail events header input keybar kills message processes timeline';

const breakpoints: readonly (readonly [number, number, Mode, string])[] = [
	[39, 9, 'too-small', 'tooSmall'],
	[39, 40, 'too-small', 'tooSmall'],
	[200, 9, 'too-small', 'tooSmall'],
	[40, 10, 'one', one],
	[79, 24, 'one', one],
	[80, 23, 'one', one],
	[80, 24, 'accordion', stacked],
	[99, 30, 'accordion', stacked],
	[120, 27, 'accordion', stacked],
	[100, 28, 'split', split],
	[120, 40, 'split', split],
	[159, 40, 'split', split],
	[160, 39, 'split', split],
	[160, 40, 'wide', wide],
	[200, 60, 'wide', wide],
	[90, 45, 'portrait', stacked],
	[91, 45, 'accordion', stacked],
];

test('each size has the layout of its breakpoint', () => {
	for (const [columns, rows, mode, names] of breakpoints) {
		const result = at(columns, rows);
		assert.equal(result.mode, mode, `${columns}x${rows}`);
		assert.equal(areas(result), names, `${columns}x${rows}`);
	}
});

/** Fails on a cell that is covered twice or not at all, and on an inner rectangle that leaves its box. */
function assertFills(input: LayoutInput): void {
	const {boxes} = layout(input);
	const cells = new Uint8Array(input.columns * input.rows);
	const name = JSON.stringify(input);
	for (const [area, box] of Object.entries(boxes)) {
		const {rect, inner} = box;
		assert.ok(rect.width > 0 && rect.height > 0, `${area} is empty in ${name}`);
		assert.ok(inner.x >= rect.x && inner.x + inner.width <= rect.x + rect.width, `${area} in ${name}`);
		assert.ok(inner.y >= rect.y && inner.y + inner.height <= rect.y + rect.height, `${area} in ${name}`);
		for (let y = rect.y; y < rect.y + rect.height; y++) {
			for (let x = rect.x; x < rect.x + rect.width; x++) {
				const cell = y * input.columns + x;
				assert.equal(cells[cell], 0, `${area} overlaps at ${x},${y} in ${name}`);
				cells[cell] = 1;
			}
		}
	}
	assert.ok(!cells.includes(0), `a cell is free in ${name}`);
}

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: nested loops over all combinations
function* everyInput(columns: number, rows: number): Generator<LayoutInput> {
	for (const view of ['main', 'policies', 'nodes'] as const) {
		for (const focus of ['processes', 'events', 'kills', 'detail'] as const) {
			for (const zoom of [false, true]) {
				for (const detailOpen of [false, true]) {
					for (const timeline of ['off', 'small', 'big'] as const) {
						for (const prompt of ['none', 'line', 'list'] as const) {
							yield {columns, rows, view, focus, zoom, detailOpen: detailOpen || focus === 'detail', timeline, prompt};
						}
					}
				}
			}
		}
	}
}

test('the rectangles fill the screen and never overlap, whatever is open', () => {
	const sizes = [
		...breakpoints.map(([columns, rows]) => [columns, rows] as const),
		[1, 1] as const,
		[90, 200] as const,
		[301, 28] as const,
	];
	for (const [columns, rows] of sizes) {
		for (const input of everyInput(columns, rows)) {
			assertFills(input);
		}
	}
});

test('the focused pane is on the screen, and each pane has rows to show', () => {
	for (const [columns, rows, mode] of breakpoints) {
		if (mode === 'too-small') {
			continue;
		}
		for (const input of everyInput(columns, rows)) {
			if (input.view !== 'main' || input.prompt !== 'none') {
				continue;
			}
			const {boxes} = layout(input);
			const focused = boxes[input.focus as Area];
			assert.ok(focused && focused.inner.height >= 3, JSON.stringify(input));
			assert.ok(!boxes.processes || boxes.processes.inner.height >= 3, JSON.stringify(input));
			assert.ok(!boxes.events || boxes.events.inner.height >= 3, JSON.stringify(input));
			assert.ok(!boxes.kills || boxes.kills.inner.height >= 1, JSON.stringify(input));
		}
	}
});

test('at 80 columns the focused pane takes the free rows', () => {
	function tall(focus: 'processes' | 'events' | 'kills'): number {
		return at(80, 24, {focus}).boxes[focus]?.rect.height ?? 0;
	}

	for (const focus of ['processes', 'events', 'kills'] as const) {
		const others = (['processes', 'events', 'kills'] as const).filter(pane => pane !== focus);
		for (const other of others) {
			assert.ok(
				(at(80, 24, {focus}).boxes[other]?.rect.height ?? 0) < tall(other),
				`${other} is smaller without focus`,
			);
		}
	}
});

test('zoom leaves one pane between header and footer', () => {
	assert.equal(areas(at(120, 40, {zoom: true, focus: 'kills'})), 'chips header input keybar kills message');
});

test('while a filter is typed the feed stays in view and its candidates are below it', () => {
	const {boxes} = at(80, 24, {prompt: 'list'});
	assert.ok(boxes.events && boxes.candidates && boxes.input);
	assert.ok(boxes.events.rect.y < boxes.candidates.rect.y);
	assert.equal(boxes.processes, undefined);
});
