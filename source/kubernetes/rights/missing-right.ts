import type {Problem, Refusal} from '../../problem.js';
import {isForbidden} from '../api/refusal.js';
import {type Right, rightWords} from './access-review.js';
import {grantYaml} from './rbac.js';

/** `User "x" cannot create resource "pods/exec" in API group "" in the namespace "kube-system"` */
const sentence = /cannot (\w+) resource "([^"]+)" in API group "[^"]*"(?: in the namespace "([^"]+)")?/;

/** The right that a refusal is about; undefined: it is about something else, or the server uses other words. */
export function rightOfRefusal(refusal: Refusal): Right | undefined {
	const match = isForbidden(refusal) ? sentence.exec(refusal.why) : null;
	if (match === null) {
		return undefined;
	}

	const [, verb = '', what = '', namespace] = match;
	const [resource = '', subresource] = what.split('/');
	return {
		verb,
		resource,
		...(subresource === undefined ? {} : {subresource}),
		...(namespace === undefined ? {} : {namespace}),
	};
}

/** How to check and to grant the right: a command and YAML. */
export function grantWords(right: Right): string {
	const {verb, resource, subresource, namespace} = right;
	const check = [
		`kubectl auth can-i ${verb} ${resource}`,
		...(subresource === undefined ? [] : [`--subresource=${subresource}`]),
		...(namespace === undefined || namespace === '' ? ['-A'] : [`-n ${namespace}`]),
	].join(' ');
	return `check: ${check}\ngrant:\n${grantYaml(right)}`;
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
