/** The commands of the `:` line, in one table: the help, docs/commands.md and the prompt read it. */
import {parseMoment} from '../../moment.js';
import {rank, rankOf} from '../../query/fuzzy-match.js';
import {meant} from '../../query/meaning.js';
import {parseChips} from '../../query/parse-chips.js';
import {own, safe} from '../../text/safe.js';
import {themeNames} from '../frame/theme.js';
import {flash, type Reaction, type Scene, type Seen, stay} from '../state/reaction.js';
import {openChips} from './chips.js';
import {openHelp} from './help.js';
import {setNamed, settingAssignments, settingNames} from './set.js';
import {sortBy, sortNames} from './sort.js';
import {showView} from './views.js';

export type Command = {
	readonly name: string;
	readonly aliases?: readonly string[];
	readonly argument: string;
	readonly help: string;
	/** What it takes, for the completion; without it any text. Raw. */
	readonly values?: (seen: Seen) => readonly string[];
	readonly run: (scene: Scene, argument: string) => Reaction;
};

function addChips(scene: Scene, text: string): Reaction {
	const parsed = parseChips(text);
	if ('error' in parsed) {
		return stay(flash(scene, safe(parsed.error)));
	}

	return stay({...scene.ui, chips: [...scene.ui.chips, ...meant(parsed.chips, scene.picture.known)]});
}

function chipCommand(name: string, field: string, help: string, values?: Command['values']): Command {
	return {
		name,
		...(values === undefined ? {} : {values}),
		argument: 'NAME',
		help,
		run: (scene, argument) =>
			argument === ''
				? stay(flash(scene, own`:${safe(name)} needs a name`))
				: addChips(scene, `${field}=${JSON.stringify(argument)}`),
	};
}

export const commandTable: readonly Command[] = [
	{name: 'q', aliases: ['quit', 'q!', 'exit'], argument: '', help: 'quit', run: ({ui}) => stay(ui, {type: 'quit'})},
	chipCommand('ns', 'ns', 'only this namespace', ({picture}) => [
		...new Set(picture.known.pods.map(({namespace}) => namespace)),
	]),
	chipCommand('pod', 'pod', 'only this pod', ({picture}) => [...new Set(picture.known.pods.map(({pod}) => pod))]),
	chipCommand('node', 'node', 'only this node', ({picture}) => picture.nodes.map(({name}) => name)),
	chipCommand('pid', 'pid', 'only this host pid'),
	{name: 'nodes', argument: '', help: 'the nodes and their connections', run: scene => showView(scene, 'nodes')},
	{
		name: 'pol',
		aliases: ['policies'],
		argument: '',
		help: 'the tracing policies',
		run: scene => showView(scene, 'policies'),
	},
	{
		name: 'filter',
		argument: 'TEXT',
		help: 'add a filter; without a text list the filters',
		run: (scene, argument) => (argument === '' ? openChips(scene) : addChips(scene, argument)),
	},
	{
		name: 'save',
		argument: 'FILE',
		help: 'save what is shown: as .txt, .csv or .jsonl, by the name',
		run: (scene, argument) =>
			argument === ''
				? stay(flash(scene, own(':save needs a file name')))
				: stay(scene.ui, {type: 'save', path: argument}),
	},
	{
		name: 'rec',
		aliases: ['record'],
		argument: 'FILE',
		help: 'record all events as Tetragon JSON lines; without a file: start with a new name, or stop',
		run: (scene, argument) => stay(scene.ui, {type: 'record', path: argument === '' ? undefined : argument}),
	},
	{
		name: 'clear',
		argument: '',
		help: 'remove all events from the buffer; alerts stay',
		run: ({ui}) => stay(ui, {type: 'clear'}),
	},
	{name: 'mark', argument: '', help: 'add a mark with the time to the feed', run: ({ui}) => stay(ui, {type: 'mark'})},
	{
		name: 'plain',
		argument: '',
		help: 'print the screen as plain text, to copy from',
		run: ({ui}) => stay(ui, {type: 'plain-screen'}),
	},
	{
		name: 'set',
		argument: 'NAME=VALUE',
		help: `set a switch: ${settingNames.join(', ')}`,
		values: () => settingAssignments,
		run: setNamed,
	},
	{
		name: 'theme',
		argument: 'NAME',
		help: `the colours: ${themeNames.join(', ')}; without a name the next`,
		values: () => themeNames,
		run: (scene, argument) =>
			argument === '' ? stay(scene.ui, {type: 'theme'}) : setNamed(scene, `theme=${argument}`),
	},
	{
		name: 'sort',
		argument: 'COLUMN',
		help: 'sort the list that has the keys; without a column choose one',
		values: sortNames,
		run: sortBy,
	},
	{name: 'help', aliases: ['h'], argument: '', help: 'the help, as F1', run: openHelp},
	{
		name: 'ctx',
		argument: 'NAME',
		help: 'says how to open another cluster',
		run: (scene, argument) =>
			stay(
				flash(scene, own`the context cannot be changed live: q, then tetratop --context ${safe(argument || 'NAME')}`),
			),
	},
	{
		name: 'reconnect',
		argument: '',
		help: 'reconnect to all nodes now',
		run: ({ui}) => stay(ui, {type: 'reconnect', node: undefined}),
	},
];

const clock = /^\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?$/;

/** `-5m`, `2026-11-28T12:04` */
const relativeOrDate = /^(?:-|\d{4}-)\d/;

/** Runs a line without its colon. A time goes to that time. Nothing is ever run in a shell. */
export function commandReaction(scene: Scene, line: string): Reaction {
	if (line === '') {
		return stay(scene.ui);
	}

	if (clock.test(line) || (relativeOrDate.test(line) && parseMoment(line) !== undefined)) {
		return stay(scene.ui, {type: 'seek', clock: line});
	}

	const [word = '', ...rest] = line.split(/\s+/);
	const command = commandTable.find(({name, aliases}) => name === word || aliases?.includes(word));
	if (!command) {
		return stay(flash(scene, own`no command ${safe(word)}: F1 lists them`));
	}

	return command.run(scene, rest.join(' '));
}

const mostCompletions = 50;

function ranked(word: string, values: readonly string[]): readonly string[] {
	return values
		.map(value => ({value, rank: word === '' ? rank.consecutive : rankOf(word, value)}))
		.filter(found => found.rank !== rank.none)
		.sort((one, other) => one.rank - other.rank)
		.slice(0, mostCompletions)
		.map(({value}) => value);
}

/** What can follow in the line, fuzzy, the best first: whole lines; none where the line is complete, or a command takes any text. */
export function completionsOf(seen: Seen, line: string): readonly string[] {
	const [, name = '', space = '', argument = ''] = /^(\S*)(\s*)(.*)$/s.exec(line) ?? [];
	if (space === '') {
		return ranked(
			name,
			commandTable.map(command => command.name),
		).filter(found => found !== line);
	}

	const command = commandTable.find(one => one.name === name || one.aliases?.includes(name));
	return ranked(argument, command?.values?.(seen) ?? [])
		.map(value => `${name} ${value}`)
		.filter(found => found !== line);
}
