/** The pieces that every compact line is made of: colours, source and binary, and the trailer for capabilities. */

import type {ProcessMessage} from '../event/event.js';
import {quotedWhenNeeded} from './go-quote.js';

export type Paint = {
	readonly red: (text: string) => string;
	readonly green: (text: string) => string;
	readonly yellow: (text: string) => string;
	readonly blue: (text: string) => string;
	readonly magenta: (text: string) => string;
	readonly cyan: (text: string) => string;
};

function plain(text: string): string {
	return text;
}

function ansi(code: number) {
	return (text: string): string => `\u001b[${code}m${text}\u001b[0m`;
}

export const noPaint: Paint = {red: plain, green: plain, yellow: plain, blue: plain, magenta: plain, cyan: plain};
/** tetra's: the eight basic colours, each piece reset on its own. */
export const colorPaint: Paint = {
	red: ansi(31),
	green: ansi(32),
	yellow: ansi(33),
	blue: ansi(34),
	magenta: ansi(35),
	cyan: ansi(36),
};

/** The event's symbol and its verb, padded to seven characters. */
export function head(paint: Paint, sign: string, verb: string): string {
	return paint.blue(`${sign} ${verb.padEnd(7)}`);
}

/** `namespace/pod /usr/bin/curl`; outside a pod, the node's name instead of namespace and pod. */
export function sourceAndBinary(paint: Paint, nodeName: string, process: ProcessMessage | undefined): string {
	const pod = process?.pod;
	const source = pod === undefined ? nodeName : `${pod.namespace ?? ''}/${pod.name ?? ''}`;
	return `${paint.green(quotedWhenNeeded(source))} ${paint.magenta(quotedWhenNeeded(process?.binary ?? ''))}`;
}

/** tetra compares the index in the list, not the capability, with CAP_SYS_ADMIN's number, 21. */
export const fewestEffective = 22;
export const trailerColumn = 120;

/**
The line with its trailer, which ends at column 120 as Go counts it: the line in bytes, the trailer in characters. With
colours an empty trailer is two escape sequences, which tetra pads as well.
*/
export function withCapabilities(paint: Paint, line: string, process: ProcessMessage | undefined): string {
	const effective = process?.cap?.['effective'];
	const admin = Array.isArray(effective) && effective.length >= fewestEffective;
	const trailer = paint.magenta(admin ? '🛑 CAP_SYS_ADMIN' : '');
	if (trailer === '') {
		return line;
	}

	const width = Math.max(0, trailerColumn - Buffer.byteLength(line));
	// All characters of the trailer but its symbol are one UTF-16 unit long.
	const length = trailer.length - (admin ? 1 : 0);
	return `${line} ${' '.repeat(Math.max(0, width - length))}${trailer}`;
}
