/** Recognizes a server that speaks no gRPC by its first bytes: gRPC's own error is then about the end of the tunnel. */

/** Characters of a foreign greeting that are shown. */
const greetingKept = 40;
/** Bytes of the header of an HTTP/2 frame: length (3), type, flags, stream (4). */
const frameHeader = 9;
const settingsFrame = 4;
/** An alert of TLS: the answer of a TLS server to a client that speaks none. */
const tlsAlert = 21;

type Stranger = {readonly why: string; readonly fix: string};

/** undefined: a server of HTTP/2, or one that has not said enough. */
export function notGrpc(head: Buffer): Stranger | undefined {
	if (head.length === 0 || isSettings(head)) {
		return undefined;
	}

	if (head[0] === tlsAlert && head[1] === 3) {
		return {
			why: 'the agent requires TLS on its TCP port',
			fix: 'its unix socket requires none: use --transport exec, which needs the right to pods/exec',
		};
	}

	const [greeting = ''] = /^[\x20-\x7e]+/.exec(head.toString('latin1')) ?? [];
	const said =
		greeting.length > 3 ? `it answers "${greeting.slice(0, greetingKept)}"` : 'it answers in another protocol';
	return {
		why: `what listens there is no gRPC server: ${said}`,
		fix: "another program has the agent's port: see server-address in the ConfigMap of Tetragon",
	};
}

/** A server of HTTP/2 begins with the frame SETTINGS on stream 0. */
function isSettings(head: Buffer): boolean {
	if (head.length < frameHeader) {
		return head[0] === 0;
	}

	return head.readUIntBE(0, 3) % 6 === 0 && head[3] === settingsFrame && head.readUInt32BE(5) === 0;
}
