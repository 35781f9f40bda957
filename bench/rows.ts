/** The rows of the table, in its order. */
import type {Row} from './row.js';
import {clusterRow} from './rows/cluster.js';
import {dayRow} from './rows/day.js';
import {frameRow} from './rows/frame.js';
import {ingestRows} from './rows/ingest.js';
import {linesRow} from './rows/lines.js';
import {replayRow} from './rows/replay.js';
import {residentRow} from './rows/resident.js';
import {scaleRow} from './rows/scale.js';
import {scanRow} from './rows/scan.js';
import {screenRows} from './rows/screen.js';
import {startRow} from './rows/start.js';

export const rows: readonly Row[] = [
	...ingestRows,
	linesRow,
	residentRow,
	replayRow,
	scanRow,
	dayRow,
	...screenRows,
	startRow,
	frameRow,
	scaleRow,
	clusterRow,
];
