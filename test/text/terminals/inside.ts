/**
Runs inside a terminal: draws each text of a file at the left edge, asks where the cursor is, and writes the columns to another
file. `node inside.ts TEXTS COLUMNS`: JSON arrays of strings and of numbers.
*/
import {readFileSync, renameSync, writeFileSync} from 'node:fs';
import process from 'node:process';

const [, , from = '', to = ''] = process.argv;
const texts = JSON.parse(readFileSync(from, 'utf8')) as string[];
const columns: number[] = [];
/** Texts that are drawn before the answers to them are awaited. */
const batch = 64;
/** A terminal's answer where its cursor is. */
const place = /\[\d+;(\d+)R/g;
let rest = '';

function draw(): void {
	const next = texts.slice(columns.length, columns.length + batch);
	process.stdout.write(next.map(text => `\r\u001B[2K${text}\u001B[6n`).join(''));
}

process.stdin.setRawMode?.(true);
process.stdin.setEncoding('latin1').on('data', (answer: string) => {
	rest += answer;
	const answers = [...rest.matchAll(place)];
	const last = answers.at(-1);
	if (last === undefined) {
		return;
	}

	rest = rest.slice(last.index + last[0].length);
	for (const [, column] of answers) {
		columns.push(Number(column) - 1);
	}

	if (columns.length >= texts.length) {
		writeFileSync(`${to}.part`, JSON.stringify(columns));
		renameSync(`${to}.part`, to);
		process.exit(0);
	}

	if (columns.length % batch === 0) {
		draw();
	}
});
draw();
