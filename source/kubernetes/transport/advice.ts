/** What to do when no way reached an agent: the rights to ask for, of the way that can work for this agent. */
import type {Refusal} from '../../problem.js';
import {isAtLeast} from '../../tetragon/agent/release.js';
import type {AgentPod} from '../agents/select.js';
import type {ServerAddress} from '../agents/server-address.js';
import {isForbidden} from '../api/refusal.js';
import type {Right} from '../rights/access-review.js';
import {grantWords, rightOfRefusal} from '../rights/missing-right.js';

export function adviceFor(refusals: readonly Refusal[], agent: AgentPod, address: ServerAddress): string {
	const lacking = refusals.filter(isForbidden).flatMap(refusal => rightOfRefusal(refusal) ?? []);
	const useful = isUnixOnly(agent, address)
		? lacking.filter(({subresource}) => subresource !== 'portforward')
		: lacking;
	// One way is enough: the first that is lacking is the weakest, as the ways are tried in this order.
	const [first] = useful;
	if (first === undefined) {
		const other = refusals.find(refusal => refusal.fix !== '' && !isForbidden(refusal));
		return other?.fix ?? 'run `tetratop doctor`: it tries every transport';
	}

	return [...kubectlWords(first), grantWords(first)].join('\n');
}

/** kubectl falls back to a POST, for which `create` is enough. */
export function kubectlWords({verb, subresource}: Right): readonly string[] {
	return subresource === 'exec' && verb === 'get'
		? ['with the right to create alone, --transport kubectl works; tetratop itself needs get as well']
		: [];
}

/** Port-forward reaches TCP ports only; Tetragon from v1.7 on installs with a unix socket. */
function isUnixOnly({imageVersion}: AgentPod, {type}: ServerAddress): boolean {
	return type === 'unix' || (type === undefined && imageVersion !== '' && isAtLeast(imageVersion, 1, 7));
}
