/** docs/rbac.md, made from the roles that `tetratop rbac` prints. `node --import=./scripts/patched-tsx.js scripts/rbac-docs.ts` writes it. */
import {writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {rbacYaml} from '../source/kubernetes/rights/rbac.js';
import {type Transport, transports, transportsByRight} from '../source/transports.js';

const words: Readonly<Record<Transport, string>> = {
	'port-forward': 'For agents that listen on TCP (Tetragon before v1.7, or `tetragon.grpc.address` set).',
	exec: 'For agents that listen on a unix socket (Tetragon from v1.7 on). In a privileged pod this is root on the node.',
	'exec-json': 'The same rights as exec.',
	logs: 'The least: only the exported log.',
	kubectl: 'kubectl falls back to a POST, for which `create` is enough.',
};

export function rbacDocs(): string {
	const all = rbacYaml({transports: transportsByRight(), agentNamespace: 'kube-system', targetNamespaces: undefined});
	const bound = rbacYaml({
		transports: ['exec'],
		agentNamespace: 'kube-system',
		targetNamespaces: ['payments', 'shop'],
		subject: {kind: 'Group', name: 'oncall'},
	});
	return [
		'# Rights',
		'',
		'The smallest roles, as `tetratop rbac` prints them: a Role where Tetragon is for each way to the agents, a ClusterRole to find',
		'pods, workloads, Services and nodes, and one to read the YAML of policies. Their names differ: all of them can be applied, or',
		'some. `--transport auto` uses whichever of them you have; `--transport NAME` prints the Role of one way.',
		'With `-n NAMESPACE` the ClusterRole of the target becomes a Role of that namespace, of each of them with several.',
		'Why they are as they are: [kubernetes.md](kubernetes.md).',
		'',
		...transports.map(transport => `- **${transport}**: ${words[transport]}`),
		'',
		`\`\`\`yaml\n${all}\`\`\``,
		'',
		'## Two namespaces, bound to a group',
		'',
		`\`\`\`yaml\n${bound}\`\`\``,
		'',
	].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	writeFileSync(new URL('../docs/rbac.md', import.meta.url), rbacDocs());
}
