/** PEM texts of a kubeconfig: inline as base64, or as a file. */
import {Refusal} from '../../problem.js';
import {readSmallFile} from '../../runtime/small-file.js';
import type {Cluster, User} from '../kubeconfig/file.js';

/** PEM, for the TLS handshake. */
export type ClientCertificate = {readonly cert: string; readonly key: string};

/** PEM of --certificate-authority or the cluster entry; undefined: the system's roots are used. Throws a Refusal. */
export function certificateAuthorityOf(cluster: Cluster): string | undefined {
	const pem = pemOf('certificate-authority', cluster.certificateAuthorityData, cluster.certificateAuthority);
	return pem === '' ? undefined : pem;
}

/** Reads the files for every handshake: they are renewed while the program runs. Throws a Refusal. */
export function clientCertificateOf(
	user: User,
	credential: {readonly clientCertificate: string; readonly clientKey: string} | undefined,
): ClientCertificate | undefined {
	const cert = pemOf('client-certificate', user.clientCertificateData, user.clientCertificate);
	const key = pemOf('client-key', user.clientKeyData, user.clientKey);
	if (cert !== '' && key !== '') {
		return {cert, key};
	}

	return credential !== undefined && credential.clientCertificate !== ''
		? {cert: credential.clientCertificate, key: credential.clientKey}
		: undefined;
}

export function unreadable(name: string, file: string, error: unknown): Refusal {
	const {code, message} = error as NodeJS.ErrnoException;
	const why = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code ?? message})`;
	return new Refusal(`${name} ${file}`, why, 'correct the path in the kubeconfig');
}

/** '': neither is set. */
function pemOf(name: string, data: string, file: string): string {
	if (data !== '') {
		return Buffer.from(data, 'base64').toString();
	}

	if (file === '') {
		return '';
	}

	try {
		return readSmallFile(file);
	} catch (error) {
		throw unreadable(name, file, error);
	}
}
