import {readFileSync} from 'node:fs';

/** The bundle has the number written in (scripts/build.js); run from the sources it stands in package.json. */
export const version: string =
	(globalThis as {TETRATOP_VERSION?: string}).TETRATOP_VERSION ??
	(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {version: string}).version;
