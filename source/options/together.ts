/** Rules about flags and operands that no flag can check alone. */

import type {CommandName, Flag, Mistake} from './flag.js';
import {placeFlags} from './lookup.js';
import type {Options} from './options.js';
import {didYouMean} from './suggest.js';
import {commands, outputForms, shells} from './table.js';
import {quote} from './values.js';

type Rule = (options: Options) => Mistake | undefined;

function viewName(command: CommandName): string {
	return command === 'live' ? 'the live view' : command;
}

/** A flag of another command. */
export function strayFlag(flag: Flag, command: CommandName): Mistake {
	return {
		what: `--${flag.name} does not go with ${viewName(command)}`,
		why: `it belongs to ${flag.commands.map(viewName).join(', ')}.`,
		fix: `Leave it out; tetratop ${command === 'live' ? '' : `${command} `}--help lists what goes with it.`,
	};
}

const operandMissing: Rule = ({command, operands, program}) => {
	const {count, operands: synopsis} = commandNamed(command);
	return operands.length >= count[0]
		? undefined
		: {
				what: `${command} needs ${synopsis}`,
				why: 'nothing was named.',
				fix: `Write ${program} ${command} ${synopsis}.`,
			};
};

const operandTooMany: Rule = ({command, operands}) => {
	const {count, operands: synopsis} = commandNamed(command);
	if (operands.length <= count[1]) {
		return undefined;
	}

	const what = `${quote(operands[count[1]] ?? '')} is one argument too many`;
	if (command !== 'live') {
		return {what, why: `${command} takes ${synopsis || 'none'}.`, fix: 'Leave it out.'};
	}

	const names = commands.map(({name}) => name).filter(name => name !== 'live');
	return {
		what,
		why: 'one target is watched at a time.',
		fix: `${didYouMean(operands[0] ?? '', names)}Use -l LABELS or -n NAMESPACE to watch several pods.`,
	};
};

const shellUnknown: Rule = ({command, operands}) =>
	command !== 'completion' || (shells as readonly string[]).includes(operands[0] ?? '')
		? undefined
		: {
				what: `no completion for ${quote(operands[0] ?? '')}`,
				why: `it is made for ${shells.slice(0, -1).join(', ')} and ${shells.at(-1)}.`,
				fix: 'Name one of them.',
			};

const targetTwice: Rule = ({target, selector}) =>
	target === undefined || selector === undefined
		? undefined
		: {
				what: `${quote(target)} and --selector cannot be used together`,
				why: 'each names pods.',
				fix: 'Leave one of them out.',
			};

const addressAndTarget: Rule = ({serverAddress, target, given}) =>
	serverAddress === undefined || (target === undefined && !placeFlags.some(name => given.has(name)))
		? undefined
		: {
				what: '--server-address and a target in the cluster cannot be used together',
				why: 'an address is one agent, asked without Kubernetes.',
				fix: 'Leave one of them out; --pod filters the events of an agent by pod.',
			};

const certificateAlone: Rule = ({tlsCertFile, tlsKeyFile}) =>
	(tlsCertFile === undefined) === (tlsKeyFile === undefined)
		? undefined
		: {
				what: '--tls-cert-file and --tls-key-file go together',
				why: 'a certificate is of no use without its key.',
				fix: 'Give both.',
			};

const gapsWithoutPlay: Rule = ({realTime, play, given}) =>
	!realTime || play || given.has('speed')
		? undefined
		: {
				what: '--real-time goes with --play or --speed',
				why: 'without them everything is shown at once.',
				fix: 'Add --play.',
			};

const followAndLast: Rule = ({follow, last, command}) =>
	command !== 'replay' || !follow || last === undefined
		? undefined
		: {
				what: '--follow and --last cannot be used together in a replay',
				why: 'the newest events are known at the end of the file, and a file that is followed has none.',
				fix: 'Leave one of them out; --since 10m --follow begins ten minutes ago.',
			};

const killsOfWhat: Rule = ({command, inputFile, target, selector, given}) => {
	const isLive =
		target !== undefined || selector !== undefined || placeFlags.some(name => name !== 'input-file' && given.has(name));
	return command !== 'kills' || (inputFile !== undefined) !== isLive
		? undefined
		: {
				what: 'kills needs a TARGET or --input-file FILE',
				why: isLive ? 'both were named.' : 'nothing was named.',
				fix: 'Name a pod or workload, or a recording; - is standard input.',
			};
};

const outputOfOther: Rule = ({command, output}) => {
	const forms: readonly string[] | undefined = (outputForms as NonNullable<Flag['choicesOf']>)[command];
	return output === undefined || forms === undefined || forms.includes(output)
		? undefined
		: {
				what: `--output cannot be ${quote(output)} here`,
				why: `${viewName(command)} prints ${forms.join(', ')}.`,
				fix: 'Choose one of them.',
			};
};

const rules: readonly Rule[] = [
	killsOfWhat,
	outputOfOther,
	followAndLast,
	gapsWithoutPlay,
	operandMissing,
	operandTooMany,
	shellUnknown,
	targetTwice,
	addressAndTarget,
	certificateAlone,
];

function commandNamed(command: CommandName) {
	return commands.find(({name}) => name === command) ?? commands[0];
}

export function wrongTogether(options: Options): Mistake | undefined {
	for (const rule of rules) {
		const mistake = rule(options);
		if (mistake) {
			return mistake;
		}
	}

	return undefined;
}
