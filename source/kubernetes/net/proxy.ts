/** The proxy to the API server: proxy-url of the kubeconfig, else the environment, by Go's rules. */
import {BlockList, isIP} from 'node:net';
import {Refusal} from '../../problem.js';
import type {Environment} from '../kubeconfig/load.js';

const schemes = ['http:', 'https:', 'socks5:', 'socks5h:'];

/** undefined: no proxy. Throws a Refusal for a proxy that cannot be used. */
export function proxyFor(server: URL, proxyUrl: string, environment: Environment): URL | undefined {
	if (proxyUrl !== '') {
		if (!proxyUrl.includes('://')) {
			throw new Refusal('proxy-url of the kubeconfig', 'it has no scheme', 'write it as http://HOST:PORT', false);
		}

		return parseProxy(proxyUrl, 'proxy-url of the kubeconfig');
	}

	const name = server.protocol === 'http:' ? 'HTTP_PROXY' : 'HTTPS_PROXY';
	const value = environment[name] || environment[name.toLowerCase()] || '';
	if (value === '' || isLoopback(server.hostname)) {
		return undefined;
	}

	const without = environment.NO_PROXY || environment.no_proxy || '';
	return isExcepted(server, without) ? undefined : parseProxy(value, name);
}

function parseProxy(value: string, name: string): URL {
	let url: URL;
	try {
		url = new URL(value.includes('://') ? value : `http://${value}`);
	} catch {
		// The value is not quoted: it may contain a password.
		throw new Refusal(name, 'this is not a URL', 'write it as http://HOST:PORT, https://… or socks5://…', false);
	}

	if (!schemes.includes(url.protocol)) {
		throw new Refusal(
			name,
			`${url.protocol.slice(0, -1)} proxies are not supported`,
			'use an http, https or socks5 proxy',
			false,
		);
	}

	return url;
}

/** The hostname of a URL without the brackets of an IPv6 address. */
export function bareHost(hostname: string) {
	return hostname.replace(/^\[|\]$/g, '');
}

function isLoopback(hostname: string): boolean {
	const host = bareHost(hostname);
	return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** NO_PROXY has `*`, names (with their subdomains), `.suffix`, `*.suffix`, addresses and CIDR; all but CIDR with an optional port. */
function isExcepted(server: URL, without: string): boolean {
	const host = bareHost(server.hostname).toLowerCase();
	const port = server.port || (server.protocol === 'http:' ? '80' : '443');
	return without
		.split(',')
		.map(entry => entry.trim().toLowerCase())
		.some(entry => entry !== '' && matches(entry, host, port));
}

function matches(entry: string, host: string, port: string): boolean {
	if (entry === '*') {
		return true;
	}

	if (entry.includes('/')) {
		return inCidr(entry, host);
	}

	const [, name = '', entryPort] = /^(\[[^\]]+\]|[^:]*|.*:.*:.*?)(?::(\d+))?$/.exec(entry) ?? [];
	if (entryPort !== undefined && entryPort !== port) {
		return false;
	}

	const bare = bareHost(name);
	if (isIP(bare) !== 0) {
		return bare === host;
	}

	if (bare.startsWith('*.') || bare.startsWith('.')) {
		return host.endsWith(bare.replace(/^\*/, ''));
	}

	return host === bare || host.endsWith(`.${bare}`);
}

function inCidr(entry: string, host: string): boolean {
	const [network = '', bits = ''] = entry.split('/');
	const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
	if (isIP(network) === 0 || isIP(host) !== isIP(network)) {
		return false;
	}

	try {
		const block = new BlockList();
		block.addSubnet(network, Number(bits), family);
		return block.check(host, family);
	} catch {
		return false;
	}
}
