/** The text of a value, from any source → the value, or a mistake that says why not. */
import {momentForm, parseMoment} from '../moment.js';
import {table} from '../runtime/table.js';
import {eventTypeOf, eventTypes} from '../tetragon/event/kinds.js';
import type {Flag, Mistake} from './flag.js';
import {didYouMean} from './suggest.js';

export type Scalar = string | number | boolean;

const kibi = 1024;

const byteUnits: Readonly<Record<string, number>> = table<number>({
	'': 1,
	b: 1,
	k: kibi,
	kb: 1000,
	kib: kibi,
	m: kibi ** 2,
	mb: 1000 ** 2,
	mib: kibi ** 2,
	g: kibi ** 3,
	gb: 1000 ** 3,
	gib: kibi ** 3,
});

/** A smaller buffer does not hold the events of one screen; a larger one is a typing error. */
const leastBytes = kibi ** 2;
const mostBytes = 64 * kibi ** 3;

/** `128MiB`, `64M` (powers of 1024 as in Kubernetes' Mi), `1.5GB` (powers of 1000). */
export function parseBytes(text: string): number | undefined {
	const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmg]?i?b?)$/i.exec(text.trim()) ?? [];
	const factor = byteUnits[unit.toLowerCase()];
	return digits === undefined || factor === undefined ? undefined : Math.floor(Number(digits) * factor);
}

const durationUnits: Readonly<Record<string, number>> = table<number>({ms: 1, s: 1000, m: 60_000, h: 3_600_000});

/** Go's way of writing a time (`1m30s`, `500ms`), or seconds as a bare number, as kubectl takes it. In milliseconds. */
export function parseDuration(text: string): number | undefined {
	const trimmed = text.trim();

	if (/^\d+(\.\d+)?$/.test(trimmed)) {
		return Number(trimmed) * 1000;
	}

	if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(trimmed)) {
		return undefined;
	}

	return [...trimmed.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)].reduce(
		(total, [, digits, unit = 's']) => total + Number(digits) * (durationUnits[unit] ?? 0),
		0,
	);
}

/** A factor above 0; `max` is as fast as the machine can. */
export function parseSpeed(text: string): number | undefined {
	const trimmed = text.trim().toLowerCase();

	if (trimmed === 'max') {
		return Number.POSITIVE_INFINITY;
	}

	const [, digits = '0'] = /^(\d*\.?\d+)x?$/.exec(trimmed) ?? [];
	return Number(digits) > 0 ? Number(digits) : undefined;
}

/** The words of Go's flags and of YAML, and those that a person writes into a variable. */
export function parseSwitch(text: string): boolean | undefined {
	const word = text.trim().toLowerCase();

	if (['true', 't', '1', 'yes', 'y', 'on'].includes(word)) {
		return true;
	}

	return ['false', 'f', '0', 'no', 'n', 'off'].includes(word) ? false : undefined;
}

const readers = {
	switch: {read: parseSwitch, form: 'true or false'},
	bytes: {read: parseBytes, form: 'a size such as 128MiB or 1G'},
	duration: {
		read: (text: string) => (parseDuration(text) === undefined ? undefined : text.trim()),
		form: 'a time such as 5s, 1m30s or 0',
	},
	count: {
		read: (text: string) => (/^[1-9]\d{0,8}$/.test(text.trim()) ? Number(text) : undefined),
		form: 'a whole number above 0',
	},
	moment: {
		read: (text: string) => (parseMoment(text) === undefined ? undefined : text.trim()),
		form: momentForm,
	},
	speed: {read: parseSpeed, form: 'a factor above 0 such as 0.5 or 4, or max'},
	'event-type': {read: eventTypeOf, form: `one of ${eventTypes.join(', ')}`},
	text: {read: (text: string) => text, form: 'a text'},
} as const;

/** @param where how the user said it: `--speed`, `TETRATOP_SPEED`, `config.yaml:3 speed` */
export function parseValue(flag: Flag, text: string, where: string): Scalar | Mistake {
	const {read, form} = readers[flag.kind];
	const value = read(text);

	if (value === undefined) {
		const known =
			flag.kind === 'event-type'
				? [...eventTypes, ...eventTypes.map(type => type.replace(/^PROCESS_/, '').toLowerCase())]
				: [];
		return {
			what: `${where} cannot be ${quote(text)}`,
			why: `it takes ${form}.`,
			fix: known.length > 0 ? `${didYouMean(text, known)}Choose one of them.` : `Give it ${form}.`,
		};
	}

	if (flag.kind === 'text' && text === '') {
		return {
			what: `${where} is empty`,
			why: `it takes a ${flag.placeholder ?? 'value'}.`,
			fix: 'Give it a value, or leave it out.',
		};
	}

	if (flag.choices && !flag.choices.includes(text)) {
		return {
			what: `${where} cannot be ${quote(text)}`,
			why: `it is one of ${flag.choices.join(', ')}.`,
			fix: `${didYouMean(text, flag.choices)}Choose one of them.`,
		};
	}

	if (flag.kind === 'bytes' && ((value as number) < leastBytes || (value as number) > mostBytes)) {
		return {
			what: `${where} cannot be ${quote(text)}`,
			why: 'it must be between 1MiB and 64GiB.',
			fix: 'Give it a size between the two.',
		};
	}

	return value;
}

export function quote(text: string) {
	return JSON.stringify(text);
}

/** The values that one text holds. */
export function splitList(flag: Flag, text: string): readonly string[] {
	switch (flag.list) {
		case 'comma':
			return text
				.split(',')
				.map(part => part.trim())
				.filter(Boolean);
		case 'regex':
			return splitRegex(text);
		default:
			return [text];
	}
}

/** Splits at commas outside of brackets: the comma of `web-\d{1,3}` belongs to the expression. */
function splitRegex(text: string): readonly string[] {
	const parts = [''];
	let depth = 0;
	let isEscaped = false;
	for (const character of text) {
		if (character === ',' && depth === 0 && !isEscaped) {
			parts.push('');
			continue;
		}

		depth = isEscaped ? depth : Math.max(0, depth + nesting(character));
		isEscaped = character === '\\' && !isEscaped;
		parts[parts.length - 1] += character;
	}

	return parts.filter(Boolean);
}

function nesting(character: string): -1 | 0 | 1 {
	if ('([{'.includes(character)) {
		return 1;
	}

	return ')]}'.includes(character) ? -1 : 0;
}
