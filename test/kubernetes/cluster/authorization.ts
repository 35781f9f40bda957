/** Who asks, and whether that is allowed; with the API server's own sentences. */
import type {IncomingMessage} from 'node:http';
import type {TLSSocket} from 'node:tls';
import {statusOf} from './answers.js';

export type Identity = {readonly user: string; readonly groups: readonly string[]};

export type Attributes = {
	readonly verb: string;
	readonly group: string;
	readonly resource: string;
	readonly subresource: string;
	readonly namespace: string;
	readonly name: string;
};

/** Every given field must be equal. */
export type Denial = Partial<Attributes> & {readonly user?: string};

/** undefined: 401. Anonymous where nothing was shown. */
export function authenticate(
	request: IncomingMessage,
	tokens: ReadonlyMap<string, string>,
	expired: ReadonlySet<string>,
): Identity | undefined {
	const {authorization = ''} = request.headers;
	if (authorization !== '') {
		const user = tokens.get(authorization.replace(/^Bearer /, ''));
		return user === undefined ? undefined : {user, groups: ['system:authenticated']};
	}

	const certificate = (request.socket as Partial<TLSSocket>).getPeerCertificate?.();
	const name = certificate?.subject?.CN;
	if (typeof name === 'string') {
		if (expired.has(name)) {
			return undefined;
		}

		const {O: groups = []} = certificate?.subject ?? {};
		return {user: name, groups: [groups].flat() as string[]};
	}

	return {user: 'system:anonymous', groups: ['system:unauthenticated']};
}

export function impersonated(request: IncomingMessage, identity: Identity): Identity {
	const user = request.headers['impersonate-user'];
	if (typeof user !== 'string') {
		return identity;
	}

	// Node joins repeated headers of unknown names by a comma.
	const groups = String(request.headers['impersonate-group'] ?? '');
	return {user, groups: groups.split(', ').filter(group => group !== '')};
}

export function isDenied(identity: Identity, attributes: Attributes, denials: readonly Denial[]): boolean {
	if (identity.user === 'system:anonymous') {
		return true;
	}

	const known: Readonly<Record<string, string>> = {...attributes, user: identity.user};
	return denials.some(denial => Object.entries(denial).every(([key, value]) => known[key] === value));
}

export function forbiddenStatus(identity: Identity, attributes: Attributes) {
	const {verb, group, resource, subresource, namespace, name} = attributes;
	const what = subresource === '' ? resource : `${resource}/${subresource}`;
	const where = namespace === '' ? ' at the cluster scope' : ` in the namespace "${namespace}"`;
	const subject = name === '' ? what : `${resource} "${name}"`;
	return statusOf(
		403,
		'Forbidden',
		`${subject} is forbidden: User "${identity.user}" cannot ${verb} resource "${what}" in API group "${group}"${where}`,
		{...(name === '' ? {} : {name}), ...(group === '' ? {} : {group}), kind: resource},
	);
}
