import type {Connection} from '../tetragon/agent/link.js';

export type DoctorLine = {
	readonly step:
		| 'kubeconfig'
		| 'api-server'
		| 'target'
		| 'agents'
		| 'rights'
		| 'transport'
		| 'agent'
		| 'events'
		| 'policies';
	readonly state: 'ok' | 'warning' | 'bad';
	/** '': the line is about the cluster. */
	readonly node: string;
	readonly text: string;
	/** Milliseconds of the step, if its duration is of interest. */
	readonly tookMs?: number;
	readonly fix?: string;
};

export type Tell = (line: DoctorLine) => void;

/** Milliseconds that an event is waited for: a quiet node is not a broken one. */
const eventMs = 2000;

/** Reports the agent's version, events and policies; returns true when its stream is open. */
export async function examineAgent(connection: Connection, node: string, tell: Tell): Promise<boolean> {
	const version = await connection.version();
	const stream = await watchForEvent(connection);
	const policies = await connection.policies();
	const dump = await connection.dump().catch(() => undefined);
	const missing = connection.missing();
	const cache = dump === undefined ? [] : [`${dump.length} processes in its cache`];
	tell({
		step: 'agent',
		state: missing.length === 0 ? 'ok' : 'warning',
		node,
		text: [`${version || 'version unknown'} via ${connection.via}`, ...cache, ...missing].join('; '),
	});
	tell({step: 'events', state: stream.isOpen ? 'ok' : 'bad', node, text: stream.text, tookMs: stream.tookMs});
	const broken = (policies ?? []).filter(({error}) => error !== undefined && error !== '' && error !== '<nil>');
	const errors = broken.map(({name, error}) => `${name}: ${error}`);
	const text = policies === undefined ? 'cannot be read' : [`${policies.length} loaded`, ...errors].join('; ');
	tell({step: 'policies', state: broken.length > 0 || policies === undefined ? 'warning' : 'ok', node, text});
	return stream.isOpen;
}

type StreamProof = {readonly text: string; readonly isOpen: boolean; readonly tookMs: number};

async function watchForEvent(connection: Connection): Promise<StreamProof> {
	const startMs = performance.now();
	const {promise, resolve} = Promise.withResolvers<StreamProof>();

	function done(text: string, isOpen = true) {
		resolve({text, isOpen, tookMs: performance.now() - startMs});
	}

	const timer = setTimeout(done, eventMs, `the stream is open; no event in ${eventMs / 1000} s (quiet)`);
	const subscription = connection.events(
		{},
		{
			frame: () => done('an event came'),
			event: () => done('an event came'),
			malformed: () => undefined,
			end: ({text}) => done(`the stream ended: ${text}`, false),
		},
	);
	const proof = await promise;
	clearTimeout(timer);
	subscription.cancel();
	return proof;
}
