/** The bodies of a real API server: JSON as Go writes it, the kind Status, and the final Status of an exec. */
import type {ServerResponse} from 'node:http';

/** As encoding/json writes it: `<`, `>` and `&` are escaped. */
export function goJson(value: unknown): string {
	return JSON.stringify(value).replaceAll(
		/[<>&\u2028\u2029]/g,
		character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);
}

export type StatusBody = {
	readonly kind: 'Status';
	readonly apiVersion: 'v1';
	readonly metadata: object;
	readonly status: 'Failure';
	readonly message: string;
	readonly reason?: string;
	readonly details?: object;
	readonly code: number;
};

/** @param reason '': the server gives none. */
export function statusOf(code: number, reason: string, message: string, details?: object, metadata = {}): StatusBody {
	return {
		kind: 'Status',
		apiVersion: 'v1',
		metadata,
		status: 'Failure',
		message,
		...(reason === '' ? {} : {reason}),
		...(details === undefined ? {} : {details}),
		code,
	};
}

export function notFound(resource: string, name: string): StatusBody {
	return statusOf(404, 'NotFound', `${resource} "${name}" not found`, {name, kind: resource});
}

export function noContainer(container: string, pod: string): StatusBody {
	return statusOf(400, 'BadRequest', `container ${container} is not valid for pod ${pod}`);
}

export function send(response: ServerResponse, body: object, code = 200): void {
	const {kind, code: statusCode} = body as {kind?: string; code?: number};
	const text = `${goJson(body)}\n`;
	response.writeHead(kind === 'Status' && statusCode !== undefined ? statusCode : code, {
		'Cache-Control': 'no-cache, private',
		'Content-Type': 'application/json',
		...(statusCode === 403 ? {'X-Content-Type-Options': 'nosniff'} : {}),
		'Content-Length': Buffer.byteLength(text),
	});
	response.end(text);
}

/** How an exec ended. The text on channel 3 depends on the protocol: v5 is translated by the API server, v4 is the kubelet's. */
export type ExecEnd =
	| {readonly type: 'ok'}
	| {readonly type: 'exit'; readonly code: number; readonly command: readonly string[]}
	/** @property id the runtime's name of this exec. */
	| {readonly type: 'missing'; readonly program: string; readonly id: string}
	/** @property request the API server's request to the kubelet. */
	| {readonly type: 'node-down'; readonly request: string; readonly kubelet: string};

/** The final Status of an exec, as on channel 3: without `kind` and `apiVersion`. */
export function execStatus(end: ExecEnd, version: 4 | 5): string {
	const head = version === 5 ? {metadata: {}} : {};
	switch (end.type) {
		case 'ok':
			return goJson({...head, status: 'Success'});
		case 'exit': {
			const words =
				version === 5
					? `command terminated with exit code ${end.code}`
					: `error executing command [${end.command.join(' ')}], exit code ${end.code}`;
			return goJson({
				...head,
				status: 'Failure',
				message: `command terminated with non-zero exit code: ${words}`,
				reason: 'NonZeroExitCode',
				details: {causes: [{reason: 'ExitCode', message: String(end.code)}]},
			});
		}

		case 'missing': {
			const words = `Internal error occurred: error executing command in container: failed to exec in container: failed to start exec "${end.id}": OCI runtime exec failed: exec failed: unable to start container process: exec: "${end.program}": executable file not found in $PATH`;
			return internal(words, version);
		}

		case 'node-down':
			return internal(
				`error sending request: Post "${end.request}": dial tcp ${end.kubelet}: connect: connection refused`,
				version,
			);
	}
}

function internal(words: string, version: 4 | 5): string {
	const failure = {status: 'Failure', message: words, reason: 'InternalError', code: 500};
	if (version === 4) {
		return goJson(failure);
	}

	return goJson({
		metadata: {},
		status: 'Failure',
		message: `Internal error occurred: ${words}`,
		reason: 'InternalError',
		details: {causes: [{message: words}]},
		code: 500,
	});
}
