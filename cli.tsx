/** The front door: reads the options and starts a mode. */
import process from 'node:process';
import {exitCodes} from './source/exit-codes.js';
import {loadOptions} from './source/options/load.js';
import {sentence} from './source/options/parse.js';
import {safe} from './source/text/safe.js';

/** Time in which everything should end by itself, in milliseconds. */
const lingerMs = 250;

// Node would open a debugger on a port for whoever sends this signal.
process.on('SIGUSR1', () => {});

const [first, ...words] = process.argv.slice(2);
if (first === '__complete') {
	// The words are half a command line: the options would refuse it.
	const {runComplete} = await import('./source/modes/complete.js');
	process.exitCode = await runComplete(words);
} else {
	const parsed = await loadOptions(process.argv.slice(2), process.env, process.argv[1]);
	if (parsed.error) {
		process.stderr.write(`tetratop: ${safe(sentence(parsed.error))}\n`);
		process.exitCode = exitCodes.usage;
	} else {
		const {run} = await import('./source/modes/run.js');
		process.exitCode = await run(parsed.options, parsed.mistakes);
		if (process.stdout.isTTY) {
			// Everything is closed, and a terminal has its last bytes. Only a read of /dev/tty may still wait, which Bun cannot
			// cancel. A pipe has no such limit: its reader may need longer.
			setTimeout(() => process.exit(), lingerMs).unref();
		}
	}
}
