import type {Problem, Refusal} from '../../problem.js';
import {isForbidden} from '../api/refusal.js';
import {type Right, rightWords} from './access-review.js';
import {grantYaml, type Subject} from './rbac.js';

/** `User "x" cannot create resource "pods/exec" in API group "" in the namespace "kube-system"` */
const sentence =
	/User "([^"]*)" cannot (\w+) resource "([\w./-]+)" in API group "([\w.-]*)"(?: in the namespace "([\w.-]+)")?/;

/** The right that a refusal is about; undefined: it is about something else, or the server uses other words. */
export function rightOfRefusal(refusal: Refusal): Right | undefined {
	const match = isForbidden(refusal) ? sentence.exec(refusal.why) : null;
	if (match === null) {
		return undefined;
	}

	const [, user = '', verb = '', what = '', group = '', namespace] = match;
	const [resource = '', subresource] = what.split('/');
	return {
		verb,
		resource,
		...(group === '' ? {} : {group}),
		...(subresource === undefined ? {} : {subresource}),
		...(namespace === undefined ? {} : {namespace}),
		...(user === '' ? {} : {user}),
	};
}

/** How to check and to grant rights: a command for each, and the YAML of roles and bindings for all of them. */
export function grantWords(...rights: readonly Right[]): string {
	const user = rights.find(right => right.user !== undefined)?.user;
	const checks = rights.map(checkWords);
	const yaml = grantYaml(rights, subjectOf(user));
	const hint = user === undefined ? ' (put your user in place of USER)' : '';
	return `check: ${checks.join('\n       ')}\ngrant${hint}: kubectl apply -f -, with\n${yaml}`;
}

function checkWords({verb, resource, subresource, namespace, group}: Right): string {
	return [
		`kubectl auth can-i ${verb} ${group ? `${resource}.${group}` : resource}`,
		...(subresource === undefined ? [] : [`--subresource=${subresource}`]),
		...(namespace === undefined || namespace === '' ? ['-A'] : [`-n ${namespace}`]),
	].join(' ');
}

/** The user as RBAC names it: a service account has a kind of its own. */
function subjectOf(user: string | undefined): Subject {
	const [, namespace, account] = /^system:serviceaccount:([^:]+):(.+)$/.exec(user ?? '') ?? [];
	return namespace !== undefined && account !== undefined
		? {kind: 'ServiceAccount', name: account, namespace}
		: {kind: 'User', name: user ?? 'USER'};
}

/** A refusal as a problem. When a right is missing, the problem names it and has the YAML that grants it. */
export function problemOfRefusal(id: string, refusal: Refusal): Problem {
	const right = rightOfRefusal(refusal);
	if (right === undefined) {
		return {id, severity: 'error', what: refusal.what, why: refusal.why, fix: refusal.fix};
	}

	return {
		id,
		severity: 'error',
		what: `Not allowed: ${rightWords(right)}`,
		why: refusal.why,
		fix: grantWords(right),
	};
}
