/** Rectangles of the screen with their rules and borders. */
import type {Rect} from './line.js';

export type Corner =
	| 'topLeft'
	| 'topRight'
	| 'bottomLeft'
	| 'bottomRight'
	| 'teeDown'
	| 'teeUp'
	| 'teeRight'
	| 'teeLeft';

/**
An area with its rule and borders. Neighbours share a border: each box draws its own top row (the rule with the title)
and left column; the right column and the bottom row belong to it only where nothing follows.
*/
export type Box = {
	readonly rect: Rect;
	/** What the pane itself paints: `rect` without title row and borders. */
	readonly inner: Rect;
	/** The first row is a rule with the title. */
	readonly title: boolean;
	readonly left: boolean;
	readonly right: boolean;
	readonly bottom: boolean;
	/** Glyph names for the ends of the top and bottom rows; undefined: the rule goes on to the edge. */
	readonly topLeft: Corner | undefined;
	readonly topRight: Corner | undefined;
	readonly bottomLeft: Corner | undefined;
	readonly bottomRight: Corner | undefined;
	/** Columns of `rect` where a border from above ends on the top row: a tee up. */
	readonly joinsAbove: readonly number[];
};

export type Edges = Partial<Omit<Box, 'rect' | 'inner'>>;

export function boxOf(rect: Rect, edges: Edges = {}): Box {
	const {title = false, left = false, right = false, bottom = false} = edges;
	const {x, y, width, height} = rect;
	const inner = {
		x: x + Number(left),
		y: y + Number(title),
		width: Math.max(0, width - Number(left) - Number(right)),
		height: Math.max(0, height - Number(title) - Number(bottom)),
	};
	const corners = {
		topLeft: edges.topLeft,
		topRight: edges.topRight,
		bottomLeft: edges.bottomLeft,
		bottomRight: edges.bottomRight,
	};
	return {rect, inner, title, left, right, bottom, ...corners, joinsAbove: edges.joinsAbove ?? []};
}

/** Hands out rows of the full width from the top or from the bottom; what is left is the body. */
export class Rows {
	top = 0;
	bottom: number;
	readonly width: number;

	constructor(width: number, height: number) {
		this.width = width;
		this.bottom = height;
	}

	get left(): number {
		return this.bottom - this.top;
	}

	fromTop(height: number): Rect {
		const rect = {x: 0, y: this.top, width: this.width, height};
		this.top += height;
		return rect;
	}

	fromBottom(height: number): Rect {
		this.bottom -= height;
		return {x: 0, y: this.bottom, width: this.width, height};
	}

	rest(): Rect {
		return this.fromTop(this.left);
	}
}

/** For what covers everything. */
export function wholeScreen({columns, rows}: {readonly columns: number; readonly rows: number}): Box {
	return boxOf({x: 0, y: 0, width: columns, height: rows});
}
