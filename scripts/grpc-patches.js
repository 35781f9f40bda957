/**
Build-time patches of grpc-js 1.14.7, so that a message costs what it is and not the machinery around it. Plain grpc-js
copies each message once, sends it through a chain of promises that may decompress it, and gives every one a turn of its own
in the queue of ticks: more work and more garbage than scanning an event is. What is delivered, in which order, at whose
asking and with which status stays as it is; test/scripts/grpc-patches.test.ts holds the two to that.
*/
import {patchPlugin, patchText} from './patches.js';

const patches = [
	{
		// A message that lies whole in what came needs no copy: it is read before more is asked for.
		file: /[\\/]grpc-js[\\/]build[\\/]src[\\/]stream-decoder\.js$/,
		changes: [
			[
				`        while (readHead < data.length) {
            switch (this.readState) {`,
				`        while (readHead < data.length) {
            if (this.readState === ReadState.NO_DATA && data.length - readHead >= 5) {
                const size = data.readUInt32BE(readHead + 1);
                const end = readHead + 5 + size;
                if (end <= data.length && (this.maxReadMessageLength === -1 || size <= this.maxReadMessageLength)) {
                    result.push(data.subarray(readHead, end));
                    readHead = end;
                    continue;
                }
            }
            switch (this.readState) {`,
			],
		],
	},
	{
		// One turn for all messages that are here and asked for.
		file: /[\\/]grpc-js[\\/]build[\\/]src[\\/]subchannel-call\.js$/,
		changes: [
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
		// A message that is not compressed has nothing to wait for.
		file: /[\\/]grpc-js[\\/]build[\\/]src[\\/]resolving-call\.js$/,
		changes: [
			[
				`                    this.trace('Received message');
                    this.readFilterPending = true;`,
				`                    this.trace('Received message');
                    if (message[0] === 0 && this.filterStack.getFilters().length === 1) {
                        this.listener.onReceiveMessage(message.subarray(5));
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
	/(?:stream-decoder|subchannel-call|resolving-call)\.js$/,
	patches,
);
