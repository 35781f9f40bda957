/**
Why a connection failed. grpc-js wraps the cause in text that changes between releases, and loses some causes (a required
client certificate, a server without TLS). So after a failure one plain socket connects again, and the error code of node:net
or node:tls is reported.
*/
import {isIP, connect as netConnect, type Socket} from 'node:net';
import {type DetailedPeerCertificate, type TLSSocket, connect as tlsConnect} from 'node:tls';
import {Refusal} from '../../problem.js';
import {type Address, addressText} from './address.js';
import {minimumTlsVersion, type TlsMaterial} from './tls.js';

/** What the probe saw: an error code of Node, or how the peer behaved. */
type Finding = {readonly code: string; readonly text: string; readonly certificate?: DetailedPeerCertificate};

/** Milliseconds to wait after a handshake for the alert that a client certificate is required: TLS 1.3 sends it only then. */
const alertWait = 300;

/** Never rejects; the failure of the probe itself falls back to `text`, the words of gRPC. */
export async function diagnose(
	address: Address,
	tls: TlsMaterial | undefined,
	text: string,
	timeoutMs = 3000,
): Promise<Refusal> {
	const finding = await probe(address, tls, timeoutMs);
	const wantsTls = tls === undefined && finding.code === 'OPEN' && (await speaksTls(address, timeoutMs));
	return explain({address, tls, finding: wantsTls ? {...finding, code: 'TLS_WANTED'} : finding, text});
}

type Failure = {
	readonly address: Address;
	readonly tls: TlsMaterial | undefined;
	readonly finding: Finding;
	/** The words of gRPC. */
	readonly text: string;
};

type Words = string | ((failure: Failure) => string);

type Cause = {readonly codes: readonly string[]; readonly why: Words; readonly fix: Words; readonly retry: boolean};

/** By the codes of Node and of the probe. `retry`: the cause can go away without a change of the flags. */
const causes: readonly Cause[] = [
	{
		codes: ['ECONNREFUSED'],
		why: ({address}) => (address.type === 'unix' ? 'nobody listens on the socket' : 'nobody listens on the port'),
		fix: ({address}) => (address.type === 'unix' ? 'start the agent' : 'start the agent, or give its --server-address'),
		retry: true,
	},
	{
		codes: ['ENOENT'],
		why: 'there is no such socket',
		fix: 'start the agent, or give its --server-address',
		retry: true,
	},
	{
		codes: ['ENOTSOCK'],
		why: 'it is not a socket',
		fix: 'give the agent’s socket to --server-address',
		retry: false,
	},
	{
		codes: ['EACCES', 'EPERM'],
		why: 'you may not open the socket (the agent makes it for root only)',
		fix: 'run tetratop as root, or ask for access to the socket',
		retry: false,
	},
	{
		codes: ['ENOTFOUND', 'EAI_AGAIN', 'EAI_NONAME'],
		why: 'the name of the host is not known',
		fix: 'check the host in --server-address',
		retry: true,
	},
	{
		codes: ['EHOSTUNREACH', 'ENETUNREACH'],
		why: 'there is no route to the host',
		fix: 'check the address and the network',
		retry: true,
	},
	{
		codes: ['ETIMEDOUT', 'TIMEOUT'],
		why: 'it does not answer',
		fix: 'check the address, the firewall and the agent',
		retry: true,
	},
	{
		codes: ['TLS_WANTED'],
		why: 'it requires TLS, and no --tls flag was given',
		fix: 'give --tls-ca-cert-files, or --tls-skip-verify',
		retry: false,
	},
	{
		codes: ['CERT_HAS_EXPIRED'],
		why: ({finding}) => `its certificate has expired${until(finding)}`,
		fix: 'renew the certificate of the agent',
		retry: false,
	},
	{
		codes: ['CERT_NOT_YET_VALID'],
		why: 'its certificate is not valid yet',
		fix: 'check the clocks of both machines',
		retry: false,
	},
	{
		codes: ['ERR_TLS_CERT_ALTNAME_INVALID'],
		why: ({address, tls, finding}) =>
			`its certificate is for ${namesOf(finding)}, not for ${tls?.serverName ?? hostOf(address)}`,
		fix: ({finding}) => `give --tls-server-name ${nameToGive(finding)}`,
		retry: false,
	},
	{
		codes: [
			'DEPTH_ZERO_SELF_SIGNED_CERT',
			'SELF_SIGNED_CERT_IN_CHAIN',
			'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
			'UNABLE_TO_GET_ISSUER_CERT',
			'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
			'CERT_SIGNATURE_FAILURE',
		],
		why: 'its certificate was signed by a CA that is not trusted here',
		fix: 'give the CA of the agent to --tls-ca-cert-files',
		retry: false,
	},
	{
		codes: ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'CERTIFICATE_WANTED'],
		why: 'it requires a client certificate',
		fix: 'give --tls-cert-file and --tls-key-file',
		retry: false,
	},
	{
		codes: [
			'CERTIFICATE_REFUSED',
			'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
			'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE',
			'ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE',
			'ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_UNKNOWN',
			'ERR_SSL_TLSV1_ALERT_DECRYPT_ERROR',
			'ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED',
		],
		why: 'it does not accept our client certificate',
		fix: 'give a certificate of a CA that the agent trusts to --tls-cert-file',
		retry: false,
	},
	{
		codes: ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'ERR_SSL_UNSUPPORTED_PROTOCOL'],
		why: 'it speaks no TLS 1.3',
		fix: 'check that the address is that of an agent',
		retry: false,
	},
	{
		codes: ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG', 'NOT_TLS'],
		why: 'it speaks no TLS',
		fix: 'leave out the --tls flags',
		retry: false,
	},
	{codes: ['OPEN'], why: ({text}) => text, fix: 'check that the address is that of a Tetragon agent', retry: true},
];

const otherCause: Cause = {
	codes: [],
	why: ({finding, text}) => finding.text || text,
	fix: 'check the address and the TLS flags',
	retry: true,
};

/** The cause stays with the refusal: fleet/ sees by its code that an agent was down and not only out of reach. */
function explain(failure: Failure): Refusal {
	const {address, finding} = failure;
	const {why, fix, retry} = causes.find(({codes}) => codes.includes(finding.code)) ?? otherCause;

	function say(words: Words): string {
		return typeof words === 'string' ? words : words(failure);
	}

	const refusal = new Refusal(`cannot reach the agent at ${addressText(address)}`, say(why), say(fix), retry);
	refusal.cause = {code: finding.code, text: finding.text};
	return refusal;
}

/** Connects as gRPC does. Always resolves, and its socket is closed then. */
function probe(address: Address, tls: TlsMaterial | undefined, timeoutMs: number): Promise<Finding> {
	return tls ? probeTls(address, tls, timeoutMs) : probePlain(address, timeoutMs);
}

function probePlain(address: Address, timeoutMs: number): Promise<Finding> {
	const socket = address.type === 'unix' ? netConnect(address.path) : netConnect(address.port, address.host);
	const watch = new SocketWatch(socket, timeoutMs);
	socket.once('connect', () => watch.end('OPEN'));
	return watch.finding;
}

function probeTls(address: Address, tls: TlsMaterial, timeoutMs: number): Promise<Finding> {
	// The certificate is not verified during the handshake, so that the handshake goes on and the certificate can be shown.
	const socket = dialTls(address, tls);
	const watch = new SocketWatch(socket, timeoutMs);
	let secured = false;
	socket.once('secureConnect', () => {
		secured = true;
		// A code, in spite of its type; nothing where the certificate is good.
		const verdict: unknown = tls.skipVerify ? undefined : socket.authorizationError;
		if (!verdict) {
			watch.endLater('OPEN', alertWait);
		} else {
			watch.end(String(verdict), '', socket.getPeerCertificate(true));
		}
	});
	// A server that speaks plain HTTP/2 closes at a ClientHello without an alert of TLS; some close at a certificate.
	socket.once('close', () =>
		watch.end(secured ? (tls.cert ? 'CERTIFICATE_REFUSED' : 'CERTIFICATE_WANTED') : 'NOT_TLS'),
	);
	return watch.finding;
}

/** Resolves with the first thing that happens to a socket, and destroys the socket then. */
class SocketWatch {
	readonly finding: Promise<Finding>;
	readonly #socket: Socket;
	readonly #resolve: (finding: Finding) => void;
	readonly #timers: NodeJS.Timeout[] = [];

	constructor(socket: Socket, timeoutMs: number) {
		const {promise, resolve} = Promise.withResolvers<Finding>();
		this.finding = promise;
		this.#resolve = resolve;
		this.#socket = socket;
		socket.on('error', (error: NodeJS.ErrnoException) => this.end(error.code ?? '', error.message));
		this.endLater('TIMEOUT', timeoutMs);
	}

	end(code: string, text = '', certificate?: DetailedPeerCertificate): void {
		for (const timer of this.#timers) {
			clearTimeout(timer);
		}

		this.#socket.destroy();
		this.#resolve(certificate ? {code, text, certificate} : {code, text});
	}

	endLater(code: string, ms: number): void {
		this.#timers.push(setTimeout(() => this.end(code), ms));
	}
}

/** A TLS server answers a ClientHello; one that speaks plain HTTP/2 does not. */
function speaksTls(address: Address, timeoutMs: number): Promise<boolean> {
	const material = {cert: undefined, key: undefined, ca: undefined, serverName: undefined, skipVerify: true};
	const {promise, resolve} = Promise.withResolvers<boolean>();
	const socket = dialTls(address, material);
	const timer = setTimeout(done, timeoutMs, false);

	function done(answer: boolean): void {
		clearTimeout(timer);
		socket.destroy();
		resolve(answer);
	}

	socket.once('secureConnect', () => done(true));
	socket.on('error', () => done(false));
	socket.once('close', () => done(false));
	return promise;
}

function dialTls(address: Address, tls: TlsMaterial): TLSSocket {
	const name = tls.serverName ?? hostOf(address);
	return tlsConnect({
		...(address.type === 'unix' ? {path: address.path} : {host: address.host, port: address.port}),
		cert: tls.cert,
		key: tls.key,
		ca: tls.ca ? [...tls.ca] : undefined,
		// An IP address may not be sent as a server name.
		servername: isIP(name) ? '' : name,
		rejectUnauthorized: false,
		minVersion: minimumTlsVersion,
		ALPNProtocols: ['h2'],
	});
}

function hostOf(address: Address): string {
	return address.type === 'unix' ? 'localhost' : address.host;
}

function namesOf(finding: Finding): string {
	const names = (finding.certificate?.subjectaltname ?? '')
		.split(', ')
		.map(name => name.replace(/^(?:DNS|IP Address):/, ''))
		.filter(name => name !== '');
	return names.length > 0 ? names.join(', ') : String(finding.certificate?.subject?.CN ?? '') || 'no name at all';
}

/** The certificate of a Helm install is for `*.tetragon-grpc.cilium.io`: any one name below it does. */
function nameToGive(finding: Finding): string {
	const [first = ''] = namesOf(finding).split(', ');
	return first.includes(' ') ? 'NAME' : first.replace(/^\*/, 'node');
}

function until(finding: Finding): string {
	return finding.certificate?.valid_to ? ` (${finding.certificate.valid_to})` : '';
}
