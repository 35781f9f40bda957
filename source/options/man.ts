/** docs/man/tetratop.1, from the table. */

import {exitCodeWords} from '../exit-codes.js';
import {environmentName, type Flag, type Group} from './flag.js';
import {description, synopsis} from './help.js';
import {commands, environment, flags, groups} from './table.js';

const table: readonly Flag[] = flags;

/** roff reads a backslash, and a dot or an apostrophe at the start of a line, as a request; a plain `-` may become a hyphen. */
function roff(text: string) {
	return text
		.replaceAll('\\', '\\e')
		.replaceAll('-', '\\-')
		.replaceAll('…', '...')
		.replace(/^([.'])/, '\\&$1');
}

function paragraph(term: string, text: string) {
	return ['.TP', term, roff(text)];
}

function term(flag: Flag) {
	const names = [flag.short ? `\\fB\\-${flag.short}\\fR` : '', `\\fB\\-\\-${roff(flag.name)}\\fR`]
		.filter(Boolean)
		.join(', ');
	return flag.placeholder ? `${names} \\fI${roff(flag.placeholder)}\\fR` : names;
}

export function manPage(version: string): string {
	const lines = [
		'.\\" Made from the table in source/options/table.ts by npm run docs.',
		`.TH TETRATOP 1 "" "tetratop ${version}" "User Commands"`,
		'.SH NAME',
		'tetratop \\- live view of what Cilium Tetragon sees in a cluster',
		'.SH SYNOPSIS',
		...commands.flatMap((command, index) => [
			...(index === 0 ? [] : ['.br']),
			`\\fB${roff(synopsis('tetratop', command).replace(/ .*/, ''))}\\fR ${roff(synopsis('tetratop', command).replace(/^\S+ /, ''))}`,
		]),
		'.SH DESCRIPTION',
		roff(
			'tetratop shows the process tree, the events and the kills of Tetragon, from every node of a cluster at once. It finds the agents itself and needs neither kubectl nor tetra. It changes nothing without --allow-write.',
		),
		'.SH COMMANDS',
		...commands.flatMap(command =>
			paragraph(
				`\\fB${command.name === 'live' ? '(none)' : command.name}\\fR ${roff(command.operands)}`.trim(),
				command.help,
			),
		),
		'.SH OPTIONS',
		...(Object.entries(groups) as Array<[Group, string]>).flatMap(([group, title]) => [
			`.SS ${roff(title)}`,
			...table.filter(flag => flag.group === group).flatMap(flag => paragraph(term(flag), description(flag))),
		]),
		'.SH ENVIRONMENT',
		roff(
			`Each option but --help and --version has a variable: ${environmentName('server-address')} is --server-address. An option wins over its variable, the variable over the configuration file.`,
		),
		...environment.flatMap(([name, help]) => paragraph(`\\fB${roff(name)}\\fR`, help)),
		'.SH FILES',
		...paragraph(
			'\\fI~/.config/tetratop/config.yaml\\fR',
			'Settings by the names of the options ("theme: light"), and "keys:" with the keys of the screen.',
		),
		...paragraph('\\fI/var/run/tetragon/tetragon\\-info.json\\fR', 'Where an agent on this machine listens.'),
		'.SH EXIT STATUS',
		...exitCodeWords.flatMap(([code, words]) => paragraph(`\\fB${code}\\fR`, words)),
		'.SH EXAMPLES',
		...paragraph('\\fBtetratop demo\\fR', 'Try it without a cluster.'),
		...paragraph('\\fBtetratop xwing\\fR', 'Watch the pod xwing.'),
		...paragraph('\\fBtetratop \\-n payments deployment/api\\fR', 'Watch a workload, wherever its pods run.'),
		...paragraph(
			'\\fBtetratop \\-\\-node worker\\-1 \\-o compact \\-e exec\\fR',
			'Print the processes started on a node.',
		),
		...paragraph('\\fBtetratop replay tetragon.log.gz\\fR', 'Look at an export log.'),
		'.SH SEE ALSO',
		'.BR kubectl (1)',
	];
	return `${lines.join('\n')}\n`;
}
