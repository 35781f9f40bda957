/**
Build-time patches of grpc-js 1.14.7, so that a message costs what it is and not the machinery around it. Plain grpc-js
copies each message once, sends it through a chain of promises that may decompress it, and gives every one a turn of its own
in the queue of ticks: more work and more garbage than scanning an event is. What is delivered, in which order, at whose
asking and with which status stays as it is; test/scripts/grpc-patches.test.ts holds the two to that.
*/
import {patchPlugin, patchText} from './patches.js';

const patches = [
	{
		/*
		A message that lies whole in what came needs no copy: it is read before more is asked for. And one that is not
		compressed needs no head behind which it would have to be cut out again: it comes as a Body, its bytes alone.
		*/
		file: /[\\/]grpc-js[\\/]build[\\/]src[\\/]stream-decoder\.js$/,
		changes: [
			[
				`class StreamDecoder {
`,
				`class Body extends Uint8Array {
}
Object.setPrototypeOf(Body.prototype, Buffer.prototype);
exports.Body = Body;
const bodyOf = (bytes, start, end) => new Body(bytes.buffer, bytes.byteOffset + start, end - start);
class StreamDecoder {
`,
			],
			[
				`    write(data) {
`,
				`    /** As write, which gives every message with its head. */
    writeBodies(data) {
        const result = [];
        let from = 0;
        while (from < data.length) {
            if (this.readState === ReadState.NO_DATA && data[from] === 0 && data.length - from >= 5) {
                const size = data.readUInt32BE(from + 1);
                const start = from + 5;
                if (start + size <= data.length && (this.maxReadMessageLength === -1 || size <= this.maxReadMessageLength)) {
                    result.push(bodyOf(data, start, start + size));
                    from = start + size;
                    continue;
                }
            }
            // The rest of one message; of what has begun, as much as is here.
            const wanted = this.readState === ReadState.READING_MESSAGE ? this.readMessageRemaining
                : this.readState === ReadState.READING_SIZE ? this.readSizeRemaining
                    : 5;
            const to = Math.min(data.length, from + wanted);
            for (const message of this.write(data.subarray(from, to))) {
                result.push(message[0] === 0 ? bodyOf(message, 5, message.length) : message);
            }
            from = to;
        }
        return result;
    }
    write(data) {
`,
			],
		],
	},
	{
		// One turn for all messages that are here and asked for.
		file: /[\\/]grpc-js[\\/]build[\\/]src[\\/]subchannel-call\.js$/,
		changes: [
			['messages = this.decoder.write(data);', 'messages = this.decoder.writeBodies(data);'],
			[
				`        this.isPushPending = true;
        process.nextTick(() => {
            this.isPushPending = false;
            /* If we have already output the status any later messages should be
             * ignored, and can cause out-of-order operation errors higher up in the
             * stack. Checking as late as possible here to avoid any race conditions.
             */
            if (this.statusOutput) {
                return;
            }
            this.listener.onReceiveMessage(message);
            this.maybeOutputStatus();
        });`,
				`        this.isPushPending = true;
        this.pushed = message;
        if (this.isTurnPending) {
            return;
        }
        this.isTurnPending = true;
        process.nextTick(() => {
            try {
                while (this.isPushPending) {
                    this.isPushPending = false;
                    const next = this.pushed;
                    this.pushed = undefined;
                    if (this.statusOutput) {
                        return;
                    }
                    this.listener.onReceiveMessage(next);
                }
            }
            finally {
                this.isTurnPending = false;
            }
            this.maybeOutputStatus();
        });`,
			],
		],
	},
	{
		file: /[\\/]grpc-js[\\/]build[\\/]src[\\/]compression-filter\.js$/,
		changes: [
			[
				'        const compressed = data.readUInt8(0) === 1;',
				`        if (data instanceof require("./stream-decoder").Body) {
            return data;
        }
        const compressed = data.readUInt8(0) === 1;`,
			],
		],
	},
	{
		// A message that is not compressed has nothing to wait for.
		file: /[\\/]grpc-js[\\/]build[\\/]src[\\/]resolving-call\.js$/,
		changes: [
			['class ResolvingCall {', `const stream_decoder_1 = require("./stream-decoder");\nclass ResolvingCall {`],
			[
				`                    this.trace('Received message');
                    this.readFilterPending = true;`,
				`                    this.trace('Received message');
                    if (message instanceof stream_decoder_1.Body) {
                        this.listener.onReceiveMessage(message);
                        return;
                    }
                    this.readFilterPending = true;`,
			],
		],
	},
];

/** The text of a module of grpc-js with its patches; undefined where none is for it. */
export const patchGrpc = (file, text) => patchText(patches, file, text);

/** The patches as an esbuild plugin. */
export const grpcPatches = patchPlugin(
	'grpc-patches',
	/(?:stream-decoder|subchannel-call|compression-filter|resolving-call)\.js$/,
	patches,
);
