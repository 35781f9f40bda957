/** docs/options.md, from the table. */

import {exitCodeWords} from '../exit-codes.js';
import {environmentName, type Flag, type Group} from './flag.js';
import {spelling, synopsis} from './help.js';
import {commands, environment, flags, groups} from './table.js';

const table: readonly Flag[] = flags;

function cell(text: string) {
	return text.replaceAll('|', '\\|');
}

function code(text: string) {
	return `\`${cell(text)}\``;
}

function row(cells: readonly string[]) {
	return `| ${cells.join(' | ')} |`;
}

function rows(heads: readonly string[], body: ReadonlyArray<readonly string[]>) {
	return [row(heads), row(heads.map(() => '---')), ...body.map(row)];
}

function placesOf(flag: Flag) {
	return flag.commands.length === commands.length ? 'all' : flag.commands.join(', ');
}

const configuration = [
	'## Configuration file',
	'',
	'`$XDG_CONFIG_HOME/tetratop/config.yaml`, else `~/.config/tetratop/config.yaml`, or the file that `--config` names. Its keys',
	'are the names of the flags; `keys:` changes the keys of the screen ([keys.md](keys.md) lists the actions):',
	'',
	'```yaml',
	'theme: high-contrast',
	'namespace: [default, payments]',
	'buffer: 256MiB',
	'keys:',
	'  pause: [p, Z]',
	'```',
	'',
	'A wrong setting is reported with its line; the other settings hold.',
];

function groupTable(group: Group, title: string): readonly string[] {
	const body = table
		.filter(flag => flag.group === group)
		.map(flag => [
			code(spelling(flag)),
			flag.commandLineOnly ? '' : code(environmentName(flag.name)),
			flag.default === undefined ? '' : code(flag.default),
			cell(flag.help) + (flag.choices ? ` One of ${flag.choices.map(code).join(', ')}.` : ''),
			placesOf(flag),
		]);
	return [`## ${title}`, '', ...rows(['flag', 'environment', 'default', 'what it does', 'goes with'], body), ''];
}

export function optionsMarkdown(): string {
	const lines = [
		'# Options',
		'',
		'Made from the table in `source/options/table.ts` by `npm run docs`. A flag wins over its environment variable, the variable',
		'over the configuration file, the file over the default.',
		'',
		'## Commands',
		'',
		...rows(
			['command', 'what it does'],
			commands.map(command => [code(synopsis('tetratop', command)), cell(command.help)]),
		),
		'',
		'A pod whose name is that of a command needs its kind: `tetratop pod/demo`.',
		'',
		...(Object.entries(groups) as Array<[Group, string]>).flatMap(([group, title]) => groupTable(group, title)),
		...configuration,
		'',
		'## Environment',
		'',
		...rows(
			['variable', 'what it does'],
			environment.map(([name, help]) => [name.split(', ').map(code).join(', '), help]),
		),
		'',
		'## Exit codes',
		'',
		...rows(
			['code', 'meaning'],
			exitCodeWords.map(([number, words]) => [String(number), words]),
		),
	];
	return `${lines.join('\n')}\n`;
}
