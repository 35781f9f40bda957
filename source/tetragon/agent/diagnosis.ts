/**
Why a connection did not come about. grpc-js wraps the cause in text that changes between releases, and swallows some (a
client certificate that is wanted, a server that speaks no TLS), so after a failure one plain socket asks again and the
answer of node:net or node:tls, which have codes, is what is reported.
*/
import {isIP, connect as netConnect, type Socket} from 'node:net';
import {type DetailedPeerCertificate, type TLSSocket, connect as tlsConnect} from 'node:tls';
import {Refusal} from '../../problem.js';
import {type Address, addressText} from './address.js';
import {minimumTlsVersion, type TlsMaterial} from './tls.js';

/** What the probe saw: an error code of Node, or how the peer behaved. */
type Finding = {readonly code: string; readonly text: string; readonly certificate?: DetailedPeerCertificate};

/** How long after a handshake a peer is given to say that it wants a certificate: TLS 1.3 says so only then. */
const alertWait = 300;

/** Never rejects; the failure of the probe itself falls back to `text`, the words of gRPC. */
export async function diagnose(
	address: Address,
	tls: TlsMaterial | undefined,
	text: string,
	timeoutMs = 3000,
): Promise<Refusal> {
	const finding = await probe(address, tls, timeoutMs);
	if (tls === undefined && finding.code === 'OPEN' && (await speaksTls(address, timeoutMs))) {
		return because(
			address,
			'it requires TLS, and no --tls flag was given',
			'give --tls-ca-cert-files, or --tls-skip-verify',
			{...finding, code: 'TLS_WANTED'},
			false,
		);
	}

	return explain(address, tls, finding, text);
}

function explain(address: Address, tls: TlsMaterial | undefined, finding: Finding, text: string): Refusal {
	switch (finding.code) {
		case 'ECONNREFUSED':
			return address.type === 'unix'
				? because(address, 'nobody listens on the socket any more', 'start the agent', finding)
				: because(address, 'nobody listens there', 'start the agent, or give its --server-address', finding);
		case 'ENOENT':
			return because(address, 'there is no such socket', 'start the agent, or give its --server-address', finding);
		case 'ENOTSOCK':
			return because(address, 'it is not a socket', 'give the agent’s socket to --server-address', finding, false);
		case 'EACCES':
		case 'EPERM':
			return because(
				address,
				'you may not open the socket (the agent makes it for root only)',
				'run tetratop as root, or ask for access to the socket',
				finding,
				false,
			);
		case 'ENOTFOUND':
		case 'EAI_AGAIN':
		case 'EAI_NONAME':
			return because(address, 'the name of the host is not known', 'check the host in --server-address', finding);
		case 'EHOSTUNREACH':
		case 'ENETUNREACH':
			return because(address, 'there is no route to the host', 'check the address and the network', finding);
		case 'ETIMEDOUT':
		case 'TIMEOUT':
			return because(address, 'it does not answer', 'check the address, the firewall and the agent', finding);
		case 'CERT_HAS_EXPIRED':
			return because(
				address,
				`its certificate has expired${until(finding)}`,
				'renew the certificate of the agent',
				finding,
				false,
			);
		case 'CERT_NOT_YET_VALID':
			return because(address, 'its certificate is not valid yet', 'check the clocks of both machines', finding, false);
		case 'ERR_TLS_CERT_ALTNAME_INVALID':
			return because(
				address,
				`its certificate is for ${namesOf(finding)}, not for ${tls?.serverName ?? hostOf(address)}`,
				`give --tls-server-name ${nameToGive(finding)}`,
				finding,
				false,
			);
		case 'DEPTH_ZERO_SELF_SIGNED_CERT':
		case 'SELF_SIGNED_CERT_IN_CHAIN':
		case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
		case 'UNABLE_TO_GET_ISSUER_CERT':
		case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
		case 'CERT_SIGNATURE_FAILURE':
			return because(
				address,
				'its certificate was signed by a CA that is not trusted here',
				'give the CA of the agent to --tls-ca-cert-files',
				finding,
				false,
			);
		case 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED':
		case 'CERTIFICATE_WANTED':
			return because(
				address,
				'it requires a client certificate',
				'give --tls-cert-file and --tls-key-file',
				finding,
				false,
			);
		case 'CERTIFICATE_REFUSED':
		case 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA':
		case 'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE':
		case 'ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE':
		case 'ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_UNKNOWN':
		case 'ERR_SSL_TLSV1_ALERT_DECRYPT_ERROR':
		case 'ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED':
			return because(
				address,
				'it does not accept our client certificate',
				'give a certificate of a CA that the agent trusts to --tls-cert-file',
				finding,
				false,
			);
		case 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION':
		case 'ERR_SSL_UNSUPPORTED_PROTOCOL':
			return because(address, 'it speaks no TLS 1.3', 'check that the address is that of an agent', finding, false);
		case 'ERR_SSL_WRONG_VERSION_NUMBER':
		case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
		case 'NOT_TLS':
			return because(address, 'it speaks no TLS', 'leave out the --tls flags', finding, false);
		case 'OPEN':
			return because(address, text, 'check that the address is that of a Tetragon agent', finding);
		default:
			return because(address, finding.text || text, 'check the address and the TLS flags', finding);
	}
}

/** Opens the way that gRPC goes and watches what happens. Resolves always, and leaves no socket behind. */
function probe(address: Address, tls: TlsMaterial | undefined, timeoutMs: number): Promise<Finding> {
	return tls ? probeTls(address, tls, timeoutMs) : probePlain(address, timeoutMs);
}

function probePlain(address: Address, timeoutMs: number): Promise<Finding> {
	const socket = address.type === 'unix' ? netConnect(address.path) : netConnect(address.port, address.host);
	const {promise, done} = finding(socket, timeoutMs);
	socket.once('connect', () => done('OPEN'));
	socket.on('error', (error: NodeJS.ErrnoException) => done(error.code ?? '', error.message));
	return promise;
}

function probeTls(address: Address, tls: TlsMaterial, timeoutMs: number): Promise<Finding> {
	// Without a verdict of its own, so that the handshake goes on and the certificate can be shown.
	const socket = dialTls(address, tls);
	const {promise, done, later} = finding(socket, timeoutMs);
	let secured = false;
	socket.once('secureConnect', () => {
		secured = true;
		// A code, in spite of its type, where the handshake was let through.
		const verdict: unknown = tls.skipVerify ? undefined : socket.authorizationError;
		if (!verdict) {
			later('OPEN', alertWait);
		} else {
			done(String(verdict), '', socket.getPeerCertificate(true));
		}
	});
	socket.on('error', (error: NodeJS.ErrnoException) => done(error.code ?? '', error.message));
	// A server that speaks plain HTTP/2 hangs up on a ClientHello without a word of TLS; some hang up on a certificate.
	socket.once('close', () => done(secured ? (tls.cert ? 'CERTIFICATE_REFUSED' : 'CERTIFICATE_WANTED') : 'NOT_TLS'));
	return promise;
}

function finding(
	socket: Socket,
	timeoutMs: number,
): {
	promise: Promise<Finding>;
	done: (code: string, text?: string, certificate?: DetailedPeerCertificate) => void;
	later: (code: string, ms: number) => void;
} {
	const {promise, resolve} = Promise.withResolvers<Finding>();
	const timers: NodeJS.Timeout[] = [];

	function done(code: string, text = '', certificate?: DetailedPeerCertificate): void {
		for (const timer of timers) {
			clearTimeout(timer);
		}

		socket.destroy();
		resolve(certificate ? {code, text, certificate} : {code, text});
	}

	function later(code: string, ms: number): void {
		timers.push(setTimeout(done, ms, code));
	}

	later('TIMEOUT', timeoutMs);
	return {promise, done, later};
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

/** The cause stays with the refusal: fleet/ tells by its code that an agent was down and not only out of reach. */
function because(address: Address, why: string, fix: string, finding: Finding, retry = true): Refusal {
	const refusal = new Refusal(`cannot reach the agent at ${addressText(address)}`, why, fix, retry);
	refusal.cause = {code: finding.code, text: finding.text};
	return refusal;
}
