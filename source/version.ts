import {readFileSync} from 'node:fs';
import process from 'node:process';

/** What scripts/build.js writes into a bundle. */
type Built = {
	readonly TETRATOP_VERSION?: string;
	readonly TETRATOP_COMMIT?: {readonly commit: string; readonly date: string};
};

/** Without a bundle the number comes from package.json. */
export const version: string =
	(globalThis as Built).TETRATOP_VERSION ??
	(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {version: string}).version;

/** `Bun 1.4.5 linux-x64` or `Node 24.21.0 linux-x64`. */
export function runtimeWords(): string {
	const {bun, node} = process.versions;
	return `${bun === undefined ? `Node ${node}` : `Bun ${bun}`} ${process.platform}-${process.arch}`;
}

/** `tetratop 0.1.0 (commit 59ae263f1c2d of 2026-11-28, Node 24.21.0 linux-x64)`; the sources know no commit. */
export function versionLine(): string {
	const built = (globalThis as Built).TETRATOP_COMMIT;
	const commit = built === undefined ? '' : `commit ${built.commit.slice(0, 12)} of ${built.date}, `;
	return `tetratop ${version} (${commit}${runtimeWords()})`;
}
