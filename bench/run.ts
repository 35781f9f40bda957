/**
`npm run bench [-- NAME …]`: measures the rows of the table, or those named (`ingest`, `idle`, …; part of a name will do),
prints it, and writes bench/results.json. docs/performance.md says how each row is measured. Exit code 0 whatever is
reached: a machine that others use, too, is no judge.
*/
import {writeFileSync} from 'node:fs';
import {cpus, loadavg, totalmem} from 'node:os';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {root} from './program.js';
import type {Result} from './row.js';
import {rows} from './rows.js';

type Failure = {readonly name: string; readonly error: string};

const names = process.argv.slice(2).filter(argument => !argument.startsWith('--'));
const wanted = rows.filter(({name}) => names.length === 0 || names.some(part => name.includes(part)));
if (wanted.length === 0) {
	console.error(`No row is named ${names.join(' ')}. Rows: ${rows.map(({name}) => name).join(' ')}`);
	process.exit(1);
}

const {build} = (await import(new URL('../scripts/build.js', import.meta.url).href)) as {build: () => Promise<void>};
await build();

const heading = ['row', 'what', 'measured', 'beside', 'ratio', 'must reach', ''];

function verdict({reached}: Result): string {
	return reached === undefined ? '–' : reached ? 'reached' : 'NOT REACHED';
}

function cellsOf(result: Result): string[] {
	return [
		result.row,
		result.what,
		result.absolute,
		result.against,
		result.ratio === undefined ? '–' : result.ratio >= 10 ? result.ratio.toFixed(1) : result.ratio.toFixed(2),
		result.must,
		verdict(result),
	];
}

const results: Result[] = [];
const failures: Failure[] = [];
const loads: number[] = [];
const from = performance.now();
for (const {name, measure} of wanted) {
	loads.push(loadavg()[0] ?? 0);
	const began = performance.now();
	try {
		const measured = await measure({tiny: false});
		results.push(...measured);
		for (const result of measured) {
			console.log(cellsOf(result).join(' │ '));
		}
	} catch (error) {
		failures.push({name, error: error instanceof Error ? error.message : String(error)});
		console.log(`${name}: not measured: ${failures.at(-1)?.error}`);
	}

	console.log(`  (${name}: ${((performance.now() - began) / 1000).toFixed(0)} s)`);
}

const table = [heading, ...results.map(cellsOf)];
const widths = heading.map((_, column) => Math.max(...table.map(row => [...(row[column] ?? '')].length)));
console.log('');
for (const row of table) {
	console.log(
		row
			.map((cell, column) => cell.padEnd(widths[column] ?? 0))
			.join('  ')
			.trimEnd(),
	);
}

for (const note of new Set(results.map(result => result.note).filter(text => text !== undefined))) {
	console.log(`note: ${note}`);
}

for (const {name, error} of failures) {
	console.log(`NOT MEASURED ${name}: ${error}`);
}

const red = results.filter(({reached}) => reached === false).length;
console.log(
	`${results.length} figures, ${red} not reached, ${((performance.now() - from) / 60_000).toFixed(1)} minutes`,
);

if (names.length === 0) {
	const [cpu] = cpus();
	const record = {
		date: new Date().toISOString(),
		node: process.version,
		machine: {cpu: cpu?.model, cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30)},
		loadBefore: {lowest: Math.min(...loads), highest: Math.max(...loads)},
		minutes: (performance.now() - from) / 60_000,
		results,
		failures,
	};
	writeFileSync(
		fileURLToPath(new URL('results.json', import.meta.url)),
		`${JSON.stringify(record, undefined, '\t')}\n`,
	);
	console.log(`written: ${fileURLToPath(new URL('results.json', import.meta.url)).replace(root, '')}`);
}
