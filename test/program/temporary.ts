/** A folder for one test file, removed when its process ends. */
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';

export function temporaryFolder(): string {
	const folder = mkdtempSync(path.join(tmpdir(), 'tetratop-program-'));
	process.once('exit', () => rmSync(folder, {recursive: true, force: true}));
	return folder;
}
