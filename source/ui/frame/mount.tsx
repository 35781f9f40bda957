/** Ink over the terminal. A file of its own, because it is loaded after the first frame (first-frame.ts). */
import {PassThrough} from 'node:stream';
import {type Instance, render} from 'ink';
import {App, type FrameSource} from './app.js';
import {eraseScreen} from './first-frame.js';

/** Where Ink writes: the part of the terminal's output that is replaced for a moment here. */
type Output = {write: (text: string) => boolean};

/** @param isDrawn the source's frame is on the screen already */
export function mount(source: FrameSource, output: Output, isDrawn: boolean): Instance {
	const {write} = output;

	if (isDrawn) {
		// Ink draws its first frame in the course of render(); from then on only what differs from it.
		output.write = () => true;
	} else {
		output.write(eraseScreen);
	}

	try {
		return render(<App source={source} />, {
			stdout: output as unknown as NodeJS.WriteStream,
			stdin: new PassThrough() as unknown as NodeJS.ReadStream,
			alternateScreen: false,
			incrementalRendering: true,
			interactive: true,
			exitOnCtrlC: false,
			patchConsole: false,
			maxFps: 60,
		});
	} finally {
		output.write = write;
	}
}
