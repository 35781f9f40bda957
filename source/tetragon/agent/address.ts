/**
Where an agent listens, in the words that `tetra` takes: `unix:///path`, `host:port`, `host`, `[v6]:port`.
*/

import {isIPv6} from 'node:net';
import {Refusal} from '../../problem.js';
import {readSmallFile} from '../../runtime/small-file.js';

export type Address =
	| {readonly type: 'unix'; readonly path: string}
	| {readonly type: 'tcp'; readonly host: string; readonly port: number};

/** The agent's own default; an address without a port means this one. */
const defaultPort = 54_321;

/** Here the agent writes the addresses that it listens on. Most installs make the file readable for all; `tetra` reads it too. */
export const infoPath = '/var/run/tetragon/tetragon-info.json';

const maximumPort = 65_535;

/** Linux keeps 108 bytes for the path of a unix socket, one of them for the final NUL. */
const maximumSocketPath = 107;

/** Throws a Refusal with the mistake in the text and the forms of an address. */
export function parseAddress(text: string): Address {
	const trimmed = text.trim();
	if (trimmed === '') {
		throw refusal(text, 'it is empty');
	}

	if (trimmed.startsWith('unix:')) {
		return parseSocket(trimmed);
	}

	const scheme = /^([a-z][a-z\d+.-]*):\/\//i.exec(trimmed);
	if (scheme) {
		throw refusal(text, `an agent speaks gRPC, not ${scheme[1]}`);
	}

	if (trimmed.startsWith('/') || trimmed.startsWith('./')) {
		throw refusal(text, `a socket is written unix://${trimmed.startsWith('/') ? trimmed : '/absolute/path'}`);
	}

	return parseHost(trimmed);
}

/** The address as a person would type it. */
export function addressText(address: Address): string {
	if (address.type === 'unix') {
		return `unix://${address.path}`;
	}

	return address.host.includes(':') ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}

/** The addresses of the agent on this machine, from its file; undefined where there is no file, or it may not be read. */
export function readAgentInfo(path = infoPath):
	| {
			readonly serverAddress: string | undefined;
			readonly metricsAddress: string | undefined;
			/** The file of its export, and `undefined` where the export is off or it is not said. */
			readonly exportFile: string | undefined;
	  }
	| undefined {
	try {
		const info: unknown = JSON.parse(readSmallFile(path));
		if (typeof info !== 'object' || info === null) {
			return undefined;
		}

		const fields = info as Record<string, unknown>;
		return {
			serverAddress: nonEmpty(fields['server_address']),
			metricsAddress: nonEmpty(fields['metrics_address']),
			exportFile: nonEmpty(fields['export_fname']),
		};
	} catch {
		return undefined;
	}
}

/** The address without `--server-address`: that of the local agent's file, else the agent's old default. */
export function defaultAddress(path = infoPath): Address {
	const written = readAgentInfo(path)?.serverAddress;
	if (written !== undefined) {
		try {
			return parseAddress(written);
		} catch {
			// The address has a form that is not known here: the old default is still the best guess.
		}
	}

	return {type: 'tcp', host: 'localhost', port: defaultPort};
}

function parseSocket(text: string): Address {
	const path = text.startsWith('unix://') ? text.slice('unix://'.length) : text.slice('unix:'.length);
	if (!path.startsWith('/')) {
		throw refusal(text, 'the path of a unix socket must be absolute');
	}

	if (Buffer.byteLength(path) > maximumSocketPath) {
		throw refusal(text, `the path of a unix socket can be ${maximumSocketPath} bytes long`);
	}

	return {type: 'unix', path};
}

function parseHost(text: string): Address {
	const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
	if (bracketed) {
		const [, host = '', port] = bracketed;
		if (!isIPv6(host)) {
			throw refusal(text, `${JSON.stringify(host)} is not an IPv6 address`);
		}

		return {type: 'tcp', host, port: parsePort(text, port)};
	}

	const colons = text.split(':').length - 1;
	if (colons > 1) {
		if (isIPv6(text)) {
			return {type: 'tcp', host: text, port: defaultPort};
		}

		throw refusal(text, 'it has more than one colon');
	}

	const [host = '', port] = text.split(':');
	if (!/^[\w](?:[\w.-]*[\w.])?$/.test(host)) {
		throw refusal(text, host === '' ? 'the host is missing' : `${JSON.stringify(host)} is not a host name`);
	}

	return {type: 'tcp', host, port: parsePort(text, port)};
}

function parsePort(text: string, port: string | undefined): number {
	if (port === undefined) {
		return defaultPort;
	}

	const number = Number(port);
	if (!/^\d+$/.test(port) || number < 1 || number > maximumPort) {
		throw refusal(text, `${JSON.stringify(port)} is not a port (1 to ${maximumPort})`);
	}

	return number;
}

function nonEmpty(value: unknown): string | undefined {
	return typeof value === 'string' && value !== '' ? value : undefined;
}

function refusal(text: string, why: string): Refusal {
	return new Refusal(
		`${JSON.stringify(text)} is not an address of an agent`,
		why,
		'give --server-address unix:///path, host:port or host',
		false,
	);
}
