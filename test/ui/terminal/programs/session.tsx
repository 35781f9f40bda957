/** A small program on the session, for session.test.ts: shows the keys that came, ends in the way of the key. */
import {writeFileSync} from 'node:fs';
import {PassThrough} from 'node:stream';
import {Box, render, Text} from 'ink';
import {type ReactNode, useSyncExternalStore} from 'react';
import type {KeyEvent} from '../../../../source/ui/terminal/decoder.js';
import {TerminalOutput} from '../../../../source/ui/terminal/output.js';
import {Session} from '../../../../source/ui/terminal/session.js';

let seen = '';
let repaints = 0;
const listeners = new Set<() => void>();
let state = '';

function change(): void {
	state = `keys ${seen} repaints ${repaints} size ${output.columns}x${output.rows}`;
	for (const listener of listeners) {
		listener();
	}
}

const output = new TerminalOutput();

function App(): ReactNode {
	const shown = useSyncExternalStore(
		listener => {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		() => state,
	);
	return (
		<Box flexDirection="column" width={output.columns} height={output.rows}>
			<Text>READY {shown}</Text>
			<Box flexGrow={1} />
			<Text>last row</Text>
		</Box>
	);
}

function onKey(event: KeyEvent): void {
	if (event.type === 'paste') {
		seen += `<${event.text}>`;
	}
	if (event.type !== 'key') {
		return;
	}
	const {name} = event;
	session.remember(name);
	seen += `${name},`;
	if (name === 'x') {
		throw new Error('broken on \u001B]0;purpose\u0007');
	}
	if (name === 'r') {
		void Promise.reject(new Error('rejected on purpose'));
	}
	if (name === 'e') {
		process.exit(3);
	}
	if (name === 'w') {
		process.emitWarning('warned on purpose');
	}
	if (name === 'b') {
		// Work that holds up the event loop.
		writeFileSync(2, 'BUSY\n');
		Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2000);
	}
	if (name === 'M') {
		session.setMouse(true);
	}
	if (name === 'ctrl-l') {
		session.redraw();
	}
	if (name === 'ctrl-z') {
		session.suspend();
	}
	if (name === 'q') {
		void session.close().then(() => {
			ink.unmount();
			process.exit(0);
		});
	}
}

const session = new Session({
	output,
	version: '0.0.0',
	onKeys(events) {
		for (const event of events) {
			onKey(event);
		}
		change();
	},
	onWideGlyphs() {
		seen += 'wide,';
		change();
	},
	onRepaint() {
		repaints++;
		change();
		ink.clear();
		output.emit('resize');
	},
});
await session.enter();
const ink = render(<App />, {
	stdout: output as unknown as NodeJS.WriteStream,
	stdin: new PassThrough() as unknown as NodeJS.ReadStream,
	exitOnCtrlC: false,
	patchConsole: false,
	incrementalRendering: true,
	interactive: true,
});
output.on('resize', change);
change();
