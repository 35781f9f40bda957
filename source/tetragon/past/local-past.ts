/** The export file of the agent on this machine, which its tetragon-info.json names, with its rotated ones. */
import {createReadStream, existsSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import type {Readable} from 'node:stream';
import {createGunzip} from 'node:zlib';
import {Refusal} from '../../problem.js';
import type {FindPast, PastSpan} from '../agent/node-past.js';
import {filesFor, partsOf} from './export-files.js';
import {leftOutOf, settingKeys} from './export-settings.js';
import {pastEvents} from './past-lines.js';

const configFolder = '/etc/tetragon/tetragon.conf.d';

/** @param file undefined: the export is off. */
export function localPast(file: string | undefined, config = configFolder): FindPast {
	return async () => {
		if (file === undefined) {
			throw new Refusal('no past', 'the export of the agent is off', 'start it with --export-filename', false);
		}

		const {stem} = partsOf(file);
		const rotated = rotatedOf(file, stem);
		return {
			words: 'export file',
			leftOut: leftOutOf(settingsIn(config)),
			open: (span, _texts, signal) => pastEvents(bytesOf(file, rotated, span, signal), span),
		};
	};
}

/** Throws a Refusal where the folder or the file cannot be read. */
function rotatedOf(file: string, stem: string): readonly string[] {
	const [folder, start] = [path.dirname(file), `${path.basename(stem)}-`];
	try {
		const names = readdirSync(folder).filter(name => name.startsWith(start));
		if (names.length === 0 && !existsSync(file)) {
			throw new Error('it is not there');
		}

		// While a file is compressed both are there, and the compressed one is not whole.
		return names
			.filter(name => !(name.endsWith('.gz') && names.includes(name.slice(0, -3))))
			.toSorted()
			.map(name => path.join(folder, name));
	} catch (error) {
		throw new Refusal('no past', `${file}: ${(error as Error).message}`, 'read it as root', false);
	}
}

function settingsIn(folder: string): ReadonlyMap<string, string> {
	return new Map(
		settingKeys.flatMap(key => {
			try {
				return [[key, readFileSync(path.join(folder, key), 'utf8')] as const];
			} catch {
				return [];
			}
		}),
	);
}

async function* bytesOf(
	file: string,
	rotated: readonly string[],
	span: PastSpan,
	signal: AbortSignal,
): AsyncGenerator<Buffer> {
	const {skip, end} = filesFor(rotated, span);
	const from = rotated.indexOf(skip) + 1;
	const to = end === '' ? rotated.length : rotated.indexOf(end);
	for (const name of [...rotated.slice(from, to), ...(end === '' ? [file] : [])]) {
		const bytes: Readable = createReadStream(name, {highWaterMark: 256 * 1024, signal});
		yield* name.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes;
	}
}
