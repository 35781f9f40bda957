/** Refuses the user entries that kubectl refuses, before a request: nobody is sent to the server without a login by mistake. */
import {Refusal} from '../../problem.js';
import {readSmallFile} from '../../runtime/small-file.js';
import type {ExecPlugin, User} from '../kubeconfig/file.js';
import {unreadable} from './certificates.js';

/**
Throws a Refusal for a user entry that no client can use.
@param needsLogin the server is asked over TLS; over http nothing of the login is sent.
*/
export function checkUser(user: User, needsLogin: boolean): void {
	const methods = [
		...(user.token === '' && user.tokenFile === '' ? [] : ['a token']),
		...(user.username === '' && user.password === '' ? [] : ['a username and password']),
	];
	if (methods.length > 1) {
		throw refuse(`it has ${methods.join(' and ')}`, 'keep one of them');
	}

	if (user.as === '' && (user.asUid !== '' || user.asGroups.length > 0 || Object.keys(user.asUserExtra).length > 0)) {
		throw new Refusal('--as-group, --as-uid', 'there is no user to impersonate', 'add --as USER', false);
	}

	checkCertificate(user);
	if (user.authProvider !== '') {
		const why = `the kubeconfig logs in with auth-provider ${user.authProvider}, which Kubernetes 1.26 removed`;
		const fix =
			'use an exec plugin (kubelogin, gke-gcloud-auth-plugin), or --transport kubectl with a kubectl older than 1.26';
		throw new Refusal('login', why, fix, false);
	}

	if (user.exec !== undefined) {
		checkPlugin(user.exec);
	} else if (needsLogin && !hasOwnLogin(user)) {
		throw refuse(
			'it has no token, no client certificate with its key, no username and no login plugin',
			'add one to the user of the kubeconfig, choose another with --user or --context, or give --token',
		);
	}
}

/** The user entry names a login of its own, so that no plugin is needed. */
export function hasOwnLogin(user: User): boolean {
	const hasCertificate = user.clientCertificate !== '' || user.clientCertificateData !== '';
	return user.token !== '' || user.tokenFile !== '' || user.username !== '' || hasCertificate;
}

function checkCertificate(user: User): void {
	for (const [name, file, data] of [
		['client-certificate', user.clientCertificate, user.clientCertificateData],
		['client-key', user.clientKey, user.clientKeyData],
	] as const) {
		if (file !== '' && data !== '') {
			throw refuse(`it has both ${name} and ${name}-data`, 'keep one of them');
		}

		if (file !== '') {
			checkReadable(name, file);
		}
	}

	const hasCertificate = user.clientCertificate !== '' || user.clientCertificateData !== '';
	if (hasCertificate && user.clientKey === '' && user.clientKeyData === '') {
		throw refuse('it has a client certificate without its key', 'add client-key or client-key-data');
	}
}

/** Throws a Refusal with the reason. */
export function checkReadable(name: string, file: string): void {
	try {
		readSmallFile(file);
	} catch (error) {
		throw unreadable(name, file, error);
	}
}

const modes = ['Never', 'IfAvailable', 'Always'];

function checkPlugin({command, apiVersion, interactiveMode, env}: ExecPlugin): void {
	if (command === '') {
		throw refuse('its exec has no command', 'add the command of the login plugin');
	}

	if (apiVersion === '') {
		throw refuse('its exec has no apiVersion', 'add client.authentication.k8s.io/v1, if the plugin supports it');
	}

	if (Object.hasOwn(env, '')) {
		throw refuse('its exec has an env without a name', 'add the name');
	}

	// v1 requires it, older versions default to IfAvailable.
	const mode = interactiveMode === '' && !apiVersion.endsWith('/v1') ? 'IfAvailable' : interactiveMode;
	if (!modes.includes(mode)) {
		const why = mode === '' ? 'its exec has no interactiveMode' : 'the interactiveMode of its exec is not known';
		throw refuse(why, `set interactiveMode to one of ${modes.join(', ')}`);
	}
}

function refuse(why: string, fix: string): Refusal {
	return new Refusal('user of the kubeconfig', why, fix, false);
}
