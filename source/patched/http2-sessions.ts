/**
What patches/@grpc+grpc-js@*-sessions.patch adds to grpc-js: the native session of an HTTP/2 connection outlives the native
streams of it. The headers of a stream that were refused in the middle are memory of the session. Node lets the garbage
collector free the two in any order, and ends the program by an assertion (node_http2.cc, current_nghttp2_memory_) where the
session is the first.
*/
import type {ClientHttp2Session, ClientHttp2Stream} from 'node:http2';

/** Holds the session of each stream until a collection after the one that freed the stream. */
const sessionsOfStreams = new FinalizationRegistry<object>(() => {
	// The session needs no work: it may be freed now.
});

/**
@param stream one that the session has just begun.
@returns false where there are no native parts: Bun has its own HTTP/2.
*/
export function keepSession(session: ClientHttp2Session, stream: ClientHttp2Stream): boolean {
	const native = nativeOf(session);
	const ofStream = nativeOf(stream);
	if (native === undefined || ofStream === undefined) {
		return false;
	}

	sessionsOfStreams.register(ofStream, native);
	return true;
}

/** Name of the symbol under which Node's HTTP/2 objects have their native part. No public property gives it. */
const nativeName = 'kHandle';

function nativeOf(owner: object): object | undefined {
	const key = Object.getOwnPropertySymbols(owner).find(symbol => symbol.description === nativeName);
	const native: unknown = key && Reflect.get(owner, key);
	return typeof native === 'object' && native !== null ? native : undefined;
}
