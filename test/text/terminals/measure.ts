/**
Writes widths.tsv, the cells of each character in each terminal of emulators.ts, drawn between two letters, and from it
source/text/agreed.ts. Run it with
`node --import=./scripts/patched-tsx.js test/text/terminals/measure.ts` on a machine that has them all (Debian: tmux, screen,
xterm, xvfb, python3).
*/
import {writeFileSync} from 'node:fs';
import process from 'node:process';
import {agreedSource} from './agreed-source.js';
import {emulators} from './emulators.js';
import {measuredWidths} from './measured.js';

/** Characters that are never shown as they are, whatever their width: see text/safe. */
const never = /[\p{Cc}\p{Cf}\p{Cs}\p{Cn}\p{Co}\p{Zl}\p{Zp}\p{Me}\p{Default_Ignorable_Code_Point}\p{Emoji_Modifier}]/u;

const codes = Array.from({length: 0x11_00_00}, (_, code) => code).filter(
	code => code >= 0xa0 && !never.test(String.fromCodePoint(code)),
);
const texts = codes.map(code => `a${String.fromCodePoint(code)}b`);
const columns: Array<readonly number[]> = [];
const names: string[] = [];
for (const {name, version, cellsOf} of emulators) {
	const found = version();
	if (found === undefined) {
		console.error(`${name} is not on this machine`);
		process.exit(1);
	}

	console.error(found);
	names.push(`${name} (${found})`);
	columns.push((await cellsOf(texts)).map(cells => cells - 2));
}

const rows: string[] = [];
let first = 0;
for (let index = 0; index < codes.length; index++) {
	const next = index + 1;
	const isSame = codes[next] === (codes[index] ?? 0) + 1 && columns.every(column => column[next] === column[index]);
	if (!isSame) {
		const range = [codes[first], codes[index]].map(code => (code ?? 0).toString(16));
		rows.push([...range, ...columns.map(column => column[index])].join('\t'));
		first = next;
	}
}

writeFileSync(
	new URL('widths.tsv', import.meta.url),
	`${['first', 'last', ...names].join('\t')}\n${rows.join('\n')}\n`,
);
writeFileSync(new URL('../../../source/text/agreed.ts', import.meta.url), agreedSource(measuredWidths()));
