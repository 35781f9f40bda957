/** The TLS flags, with tetra's names and meanings. */

import {createSecureContext} from 'node:tls';
import {Refusal} from '../../problem.js';
import {readSmallBytes} from '../../runtime/small-file.js';
import {type Address, addressText} from './address.js';

export type TlsOptions = {
	/** `--tls-cert-file`, `--tls-key-file`: the client certificate and its key, for an agent that requires one. PEM. */
	readonly certFile?: string | undefined;
	readonly keyFile?: string | undefined;
	/** `--tls-ca-cert-files`: who may have signed the agent's certificate; empty: the CAs that Node trusts. */
	readonly caCertFiles?: readonly string[] | undefined;
	/** `--tls-server-name`: the name that the certificate must have, where it is not the address. */
	readonly serverName?: string | undefined;
	/** `--tls-skip-verify` */
	readonly skipVerify?: boolean | undefined;
};

/** What node:tls and grpc-js need, read from the files. */
export type TlsMaterial = {
	readonly cert: Buffer | undefined;
	readonly key: Buffer | undefined;
	readonly ca: readonly Buffer[] | undefined;
	readonly serverName: string | undefined;
	readonly skipVerify: boolean;
};

/** An agent takes nothing older, nor does tetra. */
export const minimumTlsVersion = 'TLSv1.3';

/** Any one of the flags means TLS, as with tetra. */
export function wantsTls(options: TlsOptions | undefined): options is TlsOptions {
	return (
		options !== undefined &&
		(options.certFile !== undefined ||
			options.keyFile !== undefined ||
			(options.caCertFiles?.length ?? 0) > 0 ||
			options.serverName !== undefined ||
			options.skipVerify === true)
	);
}

/** Reads the files anew, since certificates are rotated under a running program. Throws a Refusal that names the file. */
function readTls(options: TlsOptions): TlsMaterial {
	if ((options.certFile === undefined) !== (options.keyFile === undefined)) {
		throw new Refusal(
			'TLS cannot be set up',
			options.certFile === undefined
				? 'a key was given without its certificate'
				: 'a certificate was given without its key',
			'give both --tls-cert-file and --tls-key-file',
			false,
		);
	}

	const {certFile, keyFile, caCertFiles: files = []} = options;
	const cert = certFile === undefined ? undefined : readPem(certFile, '--tls-cert-file');
	const key = keyFile === undefined ? undefined : readPem(keyFile, '--tls-key-file');
	const ca = files.length > 0 ? files.map(file => readPem(file, '--tls-ca-cert-files')) : undefined;
	try {
		createSecureContext({cert, key, ca, minVersion: minimumTlsVersion});
	} catch (error) {
		throw new Refusal(
			'TLS cannot be set up',
			`the certificate, key or CA is not usable: ${error instanceof Error ? error.message : String(error)}`,
			'check that the files are PEM and that key and certificate belong together',
			false,
		);
	}

	return {cert, key, ca, serverName: options.serverName, skipVerify: options.skipVerify === true};
}

/** The name in the certificates that Tetragon's Helm chart makes for its agents: any label in front will do. */
const certificateDomain = 'tetragon-grpc.cilium.io';

/** The same for an address; `via` is set at the near end of a tunnel. */
export function tlsFor(tls: TlsOptions, address: Address, via: string | undefined): TlsMaterial {
	if (address.type === 'unix' && via === undefined) {
		throw new Refusal(
			`cannot reach the agent at ${addressText(address)}`,
			'an agent speaks no TLS on a unix socket',
			'leave out the --tls flags',
			false,
		);
	}

	const material = readTls(tls);
	// The near end of a tunnel is a socket that tetratop made, so no certificate has its address.
	return address.type === 'unix' ? {...material, serverName: tls.serverName ?? `node.${certificateDomain}`} : material;
}

function readPem(file: string, flag: string): Buffer {
	try {
		const bytes = readSmallBytes(file);
		if (!bytes.includes('-----BEGIN ')) {
			throw new Error('it is not PEM');
		}

		return bytes;
	} catch (error) {
		const code = (error as NodeJS.ErrnoException).code;
		const why =
			code === 'ENOENT'
				? 'there is no such file'
				: code === 'EACCES'
					? 'you may not read it'
					: error instanceof Error
						? error.message
						: String(error);
		throw new Refusal(`${flag} ${file} cannot be used`, why, `give the path of a PEM file to ${flag}`, false);
	}
}
