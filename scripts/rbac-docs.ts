/** docs/rbac.md, made from the roles that `tetratop rbac` prints. `node --import=./scripts/patched-tsx.js scripts/rbac-docs.ts` writes it. */
import {writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {rbacYaml} from '../source/kubernetes/rights/rbac.js';
import {type Transport, transports} from '../source/transports.js';

const words: Readonly<Record<Transport, string>> = {
	'port-forward': 'For agents that listen on TCP (Tetragon before v1.7, or `tetragon.grpc.address` set).',
	exec: 'For agents that listen on a unix socket (Tetragon from v1.7 on). In a privileged pod this is root on the node.',
	'exec-json': 'The same rights as exec.',
	logs: 'The least: only the exported log.',
	kubectl: 'kubectl falls back to a POST, for which `create` is enough.',
};

export function rbacDocs(): string {
	const sections = transports.map(transport => {
		const yaml = rbacYaml({transport, agentNamespace: 'kube-system', targetNamespace: undefined});
		return `## ${transport}\n\n${words[transport]}\n\n\`\`\`yaml\n${yaml}\`\`\`\n`;
	});
	const bound = rbacYaml({
		transport: 'exec',
		agentNamespace: 'kube-system',
		targetNamespace: 'payments',
		subject: {kind: 'Group', name: 'oncall'},
	});
	return [
		'# Rights',
		'',
		'The smallest roles for each way to the agents, as `tetratop rbac` prints them: a Role where Tetragon is, and a ClusterRole to',
		'find pods, workloads and nodes. `--transport auto` uses whichever of them you have; several may be given together.',
		'With `-n NAMESPACE` the ClusterRole becomes a Role of that namespace, and nothing of the cluster is needed.',
		'Why they are as they are: [kubernetes.md](kubernetes.md).',
		'',
		...sections,
		'## One namespace, bound to a group',
		'',
		`\`\`\`yaml\n${bound}\`\`\``,
		'',
	].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	writeFileSync(new URL('../docs/rbac.md', import.meta.url), rbacDocs());
}
