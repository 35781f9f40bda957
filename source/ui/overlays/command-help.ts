/** The table of commands in words: a page of the help, and docs/commands.md. */
import {own, type SafeText, safe} from '../../text/safe.js';
import {type Command, commandTable} from '../actions/commands.js';
import {settingWords} from '../actions/set.js';

function spelled({name, argument}: Command): string {
	return `:${name}${argument === '' ? '' : ` ${argument}`}`;
}

export function commandEntries(): ReadonlyArray<readonly [SafeText, SafeText]> {
	return [
		...commandTable.map(command => [safe(spelled(command)), safe(command.help)] as const),
		[own(':12:04:30'), own('go to this time')],
	];
}

function code(text: string): string {
	return `\`${text.replaceAll('|', '\\|')}\``;
}

export function commandsMarkdown(): string {
	return [
		'# Commands',
		'',
		'Made from the table of commands of the program (`source/ui/actions/commands.ts`).',
		'',
		'| Command | Also | What |',
		'| --- | --- | --- |',
		...commandTable.map(
			command =>
				`| ${code(spelled(command))} | ${(command.aliases ?? []).map(alias => code(`:${alias}`)).join(' ')} | ${command.help} |`,
		),
		`| ${code(':12:04:30')} |  | go to this time |`,
		'',
		'`:set` takes:',
		'',
		...settingWords.map(words => `- \`${words}\``),
		'',
	].join('\n');
}
