/**
Write access by construction: without --allow-write no part of the program holds a function that changes an agent. The
connections that a fleet, a screen or a doctor gets have no `configurePolicy` at all.
*/
import type {Connection, Link} from '../../tetragon/agent/link.js';

/** The same connection without what changes the agent. Every member is listed: a new one is not handed on by accident. */
export function withoutWrites(connection: Connection): Connection {
	const {metrics} = connection;
	return {
		agent: connection.agent,
		via: connection.via,
		version: () => connection.version(),
		health: () => connection.health(),
		events: (request, sink) => connection.events(request, sink),
		policies: () => connection.policies(),
		dump: () => connection.dump(),
		missing: () => connection.missing(),
		close: () => connection.close(),
		...(metrics === undefined ? {} : {metrics: () => metrics.call(connection)}),
	};
}

/** A link whose connections cannot change the agent. */
export function readOnly(link: Link): Link {
	return {
		node: link.node,
		open: async signal => withoutWrites(await link.open(signal)),
		// It reads only.
		...(link.past === undefined ? {} : {past: link.past}),
	};
}
