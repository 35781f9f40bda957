/**
One line a test file, every failure in full, and the closing counts of node's runner. A pipe gets the same as a terminal:
a log of 1 000 passed tests hides the one that failed.
*/
import path from 'node:path';
import process from 'node:process';
import type {TestEvent} from 'node:test/reporters';
import {inspect} from 'node:util';

type Tally = {passed: number; failed: number; skipped: number; milliseconds: number};

function indent(text: string) {
	return text.replaceAll(/^/gm, '    ');
}

function causeOf(error: unknown): unknown {
	return error instanceof Error && 'code' in error && error.code === 'ERR_TEST_FAILURE' && error.cause
		? error.cause
		: error;
}

function relative(file: string | undefined) {
	return file ? path.relative(process.cwd(), file) : '?';
}

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one case for each event of the test runner
export default async function* reporter(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
	const tallies = new Map<string, Tally>();
	const failures: string[] = [];

	for await (const {type, data} of source) {
		switch (type) {
			case 'test:pass':
			case 'test:fail': {
				const isFile = data.details.type === undefined && data.nesting === 0 && data.name === relative(data.file);

				if (data.details.type === 'suite' || (isFile && type === 'test:pass')) {
					break;
				}

				const file = relative(data.file);
				const tally = tallies.get(file) ?? {passed: 0, failed: 0, skipped: 0, milliseconds: 0};
				tallies.set(file, tally);

				if (data.skip !== undefined || data.todo !== undefined) {
					tally.skipped++;
				} else if (type === 'test:pass') {
					tally.passed++;
				} else {
					tally.failed++;
					const failure = `✖ ${data.name} (${file})\n${indent(inspect(causeOf(data.details.error), {depth: 4}))}\n`;
					failures.push(failure);
					yield failure;
				}

				tally.milliseconds += data.nesting === 0 ? data.details.duration_ms : 0;
				break;
			}

			case 'test:stdout':
			case 'test:stderr':
				yield data.message;
				break;

			case 'test:summary':
				// With a file: that file ended. Without: all ended, and the counts follow as diagnostics.
				if (data.file) {
					const file = relative(data.file);
					const tally = tallies.get(file);
					const seconds = (data.duration_ms / 1000).toFixed(1).padStart(6);
					const skipped = tally?.skipped ? `, ${tally.skipped} skipped` : '';
					yield `${data.success ? '✔' : '✖'} ${seconds} s  ${file}  ${tally?.passed ?? 0} passed${skipped}${tally?.failed ? `, ${tally.failed} failed` : ''}\n`;
				}

				break;

			case 'test:diagnostic':
				if (data.nesting === 0 && /^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) /.test(data.message)) {
					yield `# ${data.message}\n`;
				}

				break;

			default:
		}
	}

	if (failures.length > 0) {
		yield `\n${failures.length} failed:\n${failures.map(failure => `  ${failure.split('\n', 1)[0]}\n`).join('')}`;
	}
}
