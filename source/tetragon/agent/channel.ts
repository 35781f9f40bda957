/** A gRPC channel to one agent. */
import {isIP} from 'node:net';
import {checkServerIdentity, createSecureContext} from 'node:tls';
import {type ChannelCredentials, type ChannelOptions, Client, credentials} from '@grpc/grpc-js';
import type {Address} from './address.js';
import {methodPath} from './service.js';
import {minimumTlsVersion, type TlsMaterial} from './tls.js';

/** With HTTP/2's own 64 kB a stream of real events comes at half the speed, over a tunnel at a quarter. */
const flowControlWindow = 4 * 1024 * 1024;

/** Bytes of a message: an event, a list of policies. No event of an agent comes near it. */
export const defaultLongestMessage = 16 * 1024 ** 2;

/** Bytes of a process cache. 65 536 entries, an agent's default, are some 50 MB. */
const longestDump = 192 * 1024 ** 2;

/** @param longestMessage bytes, as they come and unpacked. */
export function openChannel(
	address: Address,
	tls: TlsMaterial | undefined,
	longestMessage = defaultLongestMessage,
): Client {
	const options: ChannelOptions = {
		'grpc.max_receive_message_length': longestMessage,
		// Read by patches/@grpc+grpc-js@*-bodies.patch.
		'tetratop.max_receive_message_lengths': {[methodPath('GetDebug')]: longestDump},
		'grpc-node.flow_control_window': flowControlWindow,
		// One channel is one connection: when it is closed, the socket is, and the next try is a new one.
		'grpc.use_local_subchannel_pool': 1,
		'grpc.enable_retries': 0,
		'grpc.service_config_disable_resolution': 1,
		// Channelz reads the clock for each message, for a debugging service that does not run here.
		'grpc.enable_channelz': 0,
		'grpc.primary_user_agent': 'tetratop',
		// No grpc.keepalive_time_ms: the agent cuts a client that pings more often than every 300 s.
	};

	if (address.type === 'unix') {
		// Some servers refuse the percent-encoded path that would be the authority otherwise.
		options['grpc.default_authority'] = tls?.serverName ?? 'localhost';
	} else if (isLoopback(address.host)) {
		// As in Go and curl, a proxy is not for this machine.
		options['grpc.enable_http_proxy'] = 0;
	}

	if (tls?.serverName !== undefined) {
		options['grpc.ssl_target_name_override'] = tls.serverName;
		options['grpc.default_authority'] = tls.serverName;
	} else if (tls && address.type === 'tcp' && isIP(address.host)) {
		// An address may not be sent as a server name (RFC 6066); the certificate is checked against it all the same.
		options['grpc.ssl_target_name_override'] = 'localhost';
	}

	return new Client(target(address), channelCredentials(tls, address), options);
}

function target(address: Address): string {
	if (address.type === 'unix') {
		return `unix:${address.path}`;
	}

	if (address.host.includes(':')) {
		return `ipv6:[${address.host}]:${address.port}`;
	}

	return /^\d+(?:\.\d+){3}$/.test(address.host)
		? `ipv4:${address.host}:${address.port}`
		: `dns:${address.host}:${address.port}`;
}

function channelCredentials(tls: TlsMaterial | undefined, address: Address): ChannelCredentials {
	if (tls === undefined) {
		return credentials.createInsecure();
	}

	const context = createSecureContext({
		cert: tls.cert,
		key: tls.key,
		ca: tls.ca ? [...tls.ca] : undefined,
		minVersion: minimumTlsVersion,
	});
	const name = tls.serverName ?? (address.type === 'tcp' ? address.host : 'localhost');
	return credentials.createFromSecureContext(context, {
		rejectUnauthorized: !tls.skipVerify,
		checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate),
	});
}

function isLoopback(host: string): boolean {
	return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
