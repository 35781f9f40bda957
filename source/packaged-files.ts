/** Files that are distributed with the program. The single executable has this module replaced: there they are parts of it. */
import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';

/** Seen from source/, from dist/, and from a bundle that lies beside the files. */
const folders = ['../', '../dist/', './'];

/** Bytes of `LICENSE` or `demo/recordings/rpc/GetVersion.bin`; rejects with a sentence where the file is missing. */
export async function packagedFile(name: string): Promise<Buffer> {
	const found = folders
		.map(folder => fileURLToPath(new URL(folder + name, import.meta.url)))
		.find(file => existsSync(file));
	if (found === undefined) {
		throw new Error(`the installation is incomplete: it has no ${name}`);
	}

	return readFile(found);
}
