/** Certificates for tests, made on the spot: X.509 in DER by hand, signed by node:crypto. No openssl needed, none to expire. */
import {generateKeyPairSync, type KeyObject, randomBytes, sign} from 'node:crypto';
import {writeFileSync} from 'node:fs';
import path from 'node:path';

export type Identity = {readonly certificate: string; readonly key: string};

type Issuer = {readonly name: string; readonly key: KeyObject};

export type CertificateOptions = {
	/** DNS names; IPv4 addresses are told by their digits. */
	readonly names?: readonly string[];
	readonly from?: Date;
	readonly until?: Date;
};

const day = 86_400_000;

/** A certificate authority of its own, and the certificates it signs. */
export class Authority {
	readonly certificate: string;
	readonly #issuer: Issuer;

	constructor(name: string) {
		const {privateKey, publicKey} = generateKeyPairSync('ec', {namedCurve: 'P-256'});
		this.#issuer = {name, key: privateKey};
		this.certificate = certificate(name, publicKey, this.#issuer, {}, true);
	}

	issue(name: string, options: CertificateOptions = {}): Identity {
		const {privateKey, publicKey} = generateKeyPairSync('ec', {namedCurve: 'P-256'});
		return {
			certificate: certificate(name, publicKey, this.#issuer, options, false),
			key: privateKey.export({type: 'pkcs8', format: 'pem'}).toString(),
		};
	}
}

/** Writes PEM files and returns their paths. */
export function writePem(folder: string, files: Readonly<Record<string, string>>): Record<string, string> {
	return Object.fromEntries(
		Object.entries(files).map(([name, pem]) => {
			const file = path.join(folder, `${name}.pem`);
			writeFileSync(file, pem, {mode: 0o600});
			return [name, file];
		}),
	);
}

function certificate(
	name: string,
	publicKey: KeyObject,
	issuer: Issuer,
	{names = [], from = new Date(Date.now() - day), until = new Date(Date.now() + day)}: CertificateOptions,
	isAuthority: boolean,
): string {
	const algorithm = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
	const body = sequence(
		tagged(0xa0, integer(2)),
		tagged(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
		algorithm,
		commonName(issuer.name),
		sequence(utcTime(from), utcTime(until)),
		commonName(name),
		publicKey.export({type: 'spki', format: 'der'}),
		tagged(0xa3, sequence(...extensions(names, isAuthority))),
	);
	const signature = tagged(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', body, issuer.key)]));
	const lines =
		sequence(body, algorithm, signature)
			.toString('base64')
			.match(/.{1,64}/g) ?? [];
	return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function extensions(names: readonly string[], isAuthority: boolean): readonly Buffer[] {
	const all = [
		// basicConstraints, critical
		sequence(
			oid(0x55, 0x1d, 0x13),
			tagged(0x01, Buffer.from([0xff])),
			tagged(0x04, sequence(...(isAuthority ? [tagged(0x01, Buffer.from([0xff]))] : []))),
		),
	];
	if (names.length > 0) {
		// subjectAltName
		all.push(sequence(oid(0x55, 0x1d, 0x11), tagged(0x04, sequence(...names.map(name => alternativeName(name))))));
	}

	return all;
}

function alternativeName(name: string): Buffer {
	return /^\d+(?:\.\d+){3}$/.test(name)
		? tagged(0x87, Buffer.from(name.split('.').map(Number)))
		: tagged(0x82, Buffer.from(name));
}

function commonName(name: string): Buffer {
	return sequence(tagged(0x31, sequence(oid(0x55, 0x04, 0x03), tagged(0x0c, Buffer.from(name)))));
}

function utcTime(date: Date): Buffer {
	const digits = date.toISOString().replaceAll(/[-:T]/g, '').slice(2, 14);
	return tagged(0x17, Buffer.from(`${digits}Z`));
}

function oid(...bytes: readonly number[]): Buffer {
	return tagged(0x06, Buffer.from(bytes));
}

function integer(value: number): Buffer {
	return tagged(0x02, Buffer.from([value]));
}

function sequence(...parts: readonly Buffer[]): Buffer {
	return tagged(0x30, Buffer.concat(parts));
}

function tagged(tag: number, content: Buffer): Buffer {
	const {length} = content;
	const head =
		length < 0x80 ? [tag, length] : length < 0x1_00 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff];
	return Buffer.concat([Buffer.from(head), content]);
}
