/** The text of --help, from the table: of the program, or of one command. */

import {exitCodeWords} from '../exit-codes.js';
import type {Command, CommandName, Flag, Group} from './flag.js';
import {commands, flags, groups} from './table.js';

const table: readonly Flag[] = flags;
const nameWidth = 30;

/** Words into lines of at most `width` cells; each character of the table has one cell. */
export function wrap(text: string, width: number): readonly string[] {
	const lines: string[] = [];

	for (const word of text.split(' ')) {
		const last = lines.at(-1);

		if (last !== undefined && last.length + 1 + word.length <= width) {
			lines[lines.length - 1] = `${last} ${word}`;
		} else {
			lines.push(word);
		}
	}

	return lines;
}

/** `-n, --namespace NAME` */
export function spelling(flag: Flag) {
	return `${flag.short ? `-${flag.short}, ` : ''}--${flag.name}${flag.placeholder ? ` ${flag.placeholder}` : ''}`;
}

/** The help line with the choices and the default. */
export function description(flag: Flag) {
	const choices = flag.choices ? ` One of ${flag.choices.join(', ')}.` : '';
	const standard = flag.default === undefined ? '' : ` Default: ${flag.default}.`;
	return `${flag.help}${choices}${standard}`;
}

const all: readonly Command[] = commands;

export function synopsis(program: string, {name, operands}: Command) {
	return [program, name === 'live' ? '' : name, operands, '[FLAGS]'].filter(Boolean).join(' ');
}

export function flagsOf(command: CommandName, group: Group): readonly Flag[] {
	return table.filter(flag => flag.group === group && flag.commands.includes(command));
}

function row(left: string, right: string, width: number) {
	// Two columns need room for the longest word on the right.
	if (width < 72) {
		return [`  ${left}`, ...wrap(right, width - 6).map(line => `      ${line}`)];
	}

	const [first = '', ...rest] = wrap(right, width - nameWidth - 2);
	const indent = ' '.repeat(nameWidth + 2);
	const head = left.length < nameWidth ? [`  ${left.padEnd(nameWidth)}${first}`] : [`  ${left}`, `${indent}${first}`];
	return [...head, ...rest.map(line => `${indent}${line}`)];
}

/** @param width of the terminal in cells */
export function helpText(command: CommandName, program = 'tetratop', width = 80): string {
	const cells = Math.min(Math.max(width, 56), 110);
	const shown = all.find(({name}) => name === command) ?? all[0];
	const lines: string[] = [];

	if (shown === undefined || shown.name === 'live') {
		lines.push(...wrap('Shows live what Cilium Tetragon sees in a Kubernetes cluster.', cells), '', 'Usage:');

		for (const each of all) {
			lines.push(`  ${synopsis(program, each)}`, ...wrap(each.help, cells - 6).map(line => `      ${line}`));
		}
	} else {
		lines.push('Usage:', `  ${synopsis(program, shown)}`, '', ...wrap(shown.help, cells));
	}

	for (const [group, title] of Object.entries(groups) as Array<[Group, string]>) {
		const entries = flagsOf(command, group);

		if (entries.length > 0) {
			lines.push('', `${title}:`, ...entries.flatMap(flag => row(spelling(flag), description(flag), cells)));
		}
	}

	lines.push(
		'',
		...wrap(
			'Each flag is also a key of the configuration file and an environment variable: --server-address, server-address:, TETRATOP_SERVER_ADDRESS.',
			cells,
		),
		'',
		'Exit codes:',
		...exitCodeWords.flatMap(([code, words]) => row(String(code), words, cells)),
		'',
		...wrap(
			`${program} keys lists the keys of the screen; ? shows them on it. ${program} man prints the man page.`,
			cells,
		),
	);
	return `${lines.join('\n')}\n`;
}
