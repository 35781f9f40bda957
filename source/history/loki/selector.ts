/** Where in a Loki the events are: the labels that shippers give to the container of the export. */
import {Refusal} from '../../problem.js';

const container = 'export-stdout';
/** By how common they are. */
const labels = ['container', 'k8s_container_name', 'kubernetes_container_name', 'container_name'] as const;

/** Labels with few values which divide what one nanosecond has. */
export const dividing = ['node_name', 'node', 'pod', 'k8s_pod_name', 'kubernetes_host', 'host', 'instance', 'filename'];

type Ask = (label: string) => Promise<readonly string[]>;

/** Asks for the values of each label until one has the container. Throws a Refusal where none has. */
export async function findSelector(ask: Ask, name: string, tenant: string | undefined): Promise<string> {
	for (const label of labels) {
		const values = await ask(label);
		if (values.includes(container)) {
			return `{${label}="${container}"}`;
		}
	}

	const where = tenant === undefined ? '' : ` of tenant ${tenant}`;
	throw new Refusal(
		`events in ${name}`,
		`no label${where} (${labels.join(', ')}) has the value ${container} in this span`,
		`say where they are: --query '{job="tetragon"}', or another tenant by --org-id`,
		false,
	);
}

/** The query with one more matcher. */
export function narrowed(query: string, label: string, value: string): string {
	const end = endOfSelector(query);
	const head = query.slice(0, end).trimEnd();
	const comma = head.endsWith('{') || head.endsWith(',') ? '' : ', ';
	return `${head}${comma}${label}=${JSON.stringify(value)}${query.slice(end)}`;
}

/** The brace that closes the selector; braces in quotes are none. */
function endOfSelector(query: string): number {
	const strings = /"(?:[^"\\]|\\.)*"|`[^`]*`|\}/g;
	for (const match of query.matchAll(strings)) {
		if (match[0] === '}') {
			return match.index;
		}
	}

	return query.length;
}
