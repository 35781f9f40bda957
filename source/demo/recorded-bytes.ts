/** Where the recordings lie. The single executable has this file replaced: there they are part of the program. */
import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

/** Beside source/, dist/ or a bundle. */
const folders = ['../../demo/recordings', '../demo/recordings', './demo/recordings', './recordings'];

function recordingsFolder(): string {
	for (const folder of folders) {
		const found = fileURLToPath(new URL(folder, import.meta.url));
		if (existsSync(path.join(found, 'file-enforce'))) {
			return found;
		}
	}

	throw new Error('the recordings of the demo are not there: the installation is incomplete');
}

/** @param name below the folder, with slashes: `rpc/GetVersion.bin` */
export async function readBytes(name: string): Promise<Buffer> {
	return readFile(path.join(recordingsFolder(), name));
}
