/** The front door: argv → options → one of the modes, and nothing else. */
import process from 'node:process';
import {exitCodes} from './source/exit-codes.js';
import {loadOptions} from './source/options/load.js';
import {sentence} from './source/options/parse.js';
import {safe} from './source/text/safe.js';

/** For what ends by itself, as it should. */
const lingerMs = 250;

const [first, ...words] = process.argv.slice(2);
if (first === '__complete') {
	// Half a command line, which the options could only refuse.
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
			// All is closed, and a terminal has taken what it was given. What may still wait is a read of /dev/tty, which Bun cannot
			// take back; a pipe may still be read.
			setTimeout(() => process.exit(), lingerMs).unref();
		}
	}
}
