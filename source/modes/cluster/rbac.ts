/** The smallest roles, as YAML for `kubectl apply -f -`. */
import {rbacYaml} from '../../kubernetes/rights/rbac.js';
import type {Options} from '../../options/options.js';
import {transportsByRight} from '../../transports.js';
import {printed} from '../terminal/print.js';

export async function runRbac(options: Options): Promise<number> {
	const agentNamespace = options.tetragonNamespace ?? 'kube-system';
	const transports = options.transport === 'auto' ? transportsByRight() : [options.transport];
	return printed(rbacYaml({transports, agentNamespace, targetNamespaces: options.namespace}));
}
