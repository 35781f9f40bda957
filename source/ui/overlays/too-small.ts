/** The one line of a terminal in which nothing else fits. Ingest goes on. */
import {own} from '../../text/safe.js';
import {smallestColumns, smallestRows} from '../frame/layout.js';
import type {Line} from '../frame/line.js';
import {blankLine, Cells} from '../widgets/cells.js';
import type {OverlayContext, Size} from './boxed.js';

export function tooSmall(_context: Pick<OverlayContext, 'ui'>, {rect: {width, height}}: Size): Line[] {
	const words = own`tetratop: ${width}x${height} is too small (${smallestColumns}x${smallestRows})`;
	const lines: Line[] = [new Cells(width).put(words, 'warn').end()];
	while (lines.length < height) {
		lines.push(blankLine(width));
	}
	return lines.slice(0, height);
}
