/** The logs of the test API server: a kubelet's answer to `pods/log`. */
import type {ServerResponse} from 'node:http';
import type {Pod} from '../../../source/kubernetes/api/objects.js';
import {noContainer, notFound, send, statusOf} from './answers.js';
import type {Path} from './request-path.js';
import {type TestNode, usualKubelet} from './test-node.js';

type LogLine = {
	/** RFC 3339 with nanoseconds, as `timestamps=true` shows it. */
	readonly time: string;
	readonly text: string;
};

export class PodLogs {
	/** Pod → the answers that follow its log. */
	readonly followers = new Map<string, Set<ServerResponse>>();
	/** Pod → the lines that are in its log already. */
	readonly lines = new Map<string, readonly LogLine[]>();

	answer(path: Path, query: URLSearchParams, response: ServerResponse, pod: Pod | undefined, node?: TestNode): void {
		if (pod === undefined) {
			send(response, notFound('pods', path.name));
			return;
		}

		const container = query.get('container') ?? '';
		if (!(pod.spec?.containers ?? []).some(({name}) => name === container)) {
			send(response, noContainer(container, path.name));
			return;
		}

		if (node === undefined || node.down === true) {
			send(response, statusOf(500, '', this.#down(path, query, container, node)));
			return;
		}

		response.writeHead(200, {'Cache-Control': 'no-cache, private', 'Content-Type': 'text/plain'});
		const text = this.#text(path.name, query);
		if (text !== '') {
			response.write(text);
		}

		if (query.get('follow') !== 'true') {
			response.end();
			return;
		}

		// No head before the first line: a quiet log that is followed says nothing at all.
		const followers = this.followers.get(path.name) ?? new Set();
		followers.add(response);
		this.followers.set(path.name, followers);
		response.once('close', () => followers.delete(response));
	}

	#text(pod: string, query: URLSearchParams): string {
		const all = this.lines.get(pod) ?? [];
		const tail = query.get('tailLines');
		const lines = tail === null ? all : all.slice(all.length - Number(tail));
		const stamped = query.get('timestamps') === 'true';
		const text = lines.map(line => `${stamped ? `${line.time} ` : ''}${line.text}\n`).join('');
		const limit = query.get('limitBytes');
		return limit === null ? text : Buffer.from(text).subarray(0, Number(limit)).toString();
	}

	#down({namespace, name}: Path, query: URLSearchParams, container: string, node: TestNode | undefined): string {
		const kubelet = node?.kubelet ?? usualKubelet;
		const asked = new URLSearchParams(query);
		asked.delete('container');
		asked.sort();
		const url = `https://${kubelet}/containerLogs/${namespace}/${name}/${container}?${asked}`;
		return `Get "${url}": dial tcp ${kubelet}: connect: connection refused`;
	}
}
