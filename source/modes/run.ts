/** Starts the mode of the options. Each mode imports its own modules, when it starts. */
import process from 'node:process';
import {exitCodes} from '../exit-codes.js';
import type {Shell} from '../options/completion.js';
import type {Mistake} from '../options/flag.js';
import type {Options} from '../options/options.js';
import {sentence} from '../options/parse.js';
import {Refusal} from '../problem.js';
import {safe} from '../text/safe.js';
import {version, versionLine} from '../version.js';
import {isHeadless} from './terminal/headless.js';
import {printed} from './terminal/print.js';
import {UsageError} from './usage-error.js';

/** Returns the exit code, see exit-codes.ts. */
export async function run(options: Options, mistakes: readonly Mistake[]): Promise<number> {
	if (options.version) {
		return printed(`${versionLine()}\n`);
	}

	if (options.help) {
		const {helpText} = await import('../options/help.js');
		return printed(`${helpText(options.command, options.program)}\n`);
	}

	if (mistakes.length > 0 && (isHeadless(options) || options.command === 'doctor' || options.command === 'policies')) {
		for (const mistake of mistakes) {
			complain(sentence(mistake));
		}

		return exitCodes.usage;
	}

	try {
		return await mode(options);
	} catch (error) {
		if (error instanceof Refusal) {
			complain(`${error.what}: ${error.why}; ${error.fix}`);
			return error instanceof UsageError ? exitCodes.usage : exitCodes.failure;
		}

		throw error;
	}
}

function isLoki(target = ''): boolean {
	return /^loki(?:\+https?)?:/i.test(target);
}

function complain(text: string): void {
	process.stderr.write(`tetratop: ${safe(text)}\n`);
}

async function mode(options: Options): Promise<number> {
	if (options.command === 'doctor' && isLoki(options.target)) {
		const {examineStore} = await import('./doctor-store.js');
		return examineStore(options);
	}

	switch (options.command) {
		case 'keys': {
			const {keysMarkdown} = await import('../ui/keys/key-help.js');
			return printed(keysMarkdown());
		}

		case 'completion': {
			const {completionScript} = await import('../options/completion.js');
			return printed(completionScript(options.operands[0] as Shell));
		}

		case 'man': {
			const {manPage} = await import('../options/man.js');
			return printed(manPage(version));
		}

		case 'licenses': {
			const {licenseTexts} = await import('./licenses.js');
			return printed(await licenseTexts());
		}

		case 'version': {
			return printed(`${versionLine()}\n`);
		}

		case 'rbac': {
			const {runRbac} = await import('./cluster/rbac.js');
			return runRbac(options);
		}

		case 'demo': {
			const {runDemo} = await import('./fleet/demo.js');
			return runDemo(options);
		}

		case 'replay': {
			const {runReplay} = await import('./replay/replay.js');
			return runReplay(options);
		}

		case 'kills': {
			if (options.inputFile === undefined) {
				const [{runLive}, {runLiveKills}] = await Promise.all([import('./live.js'), import('./replay/live-kills.js')]);
				return runLive(options, runLiveKills);
			}

			const {runKills} = await import('./replay/kills.js');
			return runKills(options);
		}

		default: {
			const {runLive} = await import('./live.js');
			return runLive(options);
		}
	}
}
