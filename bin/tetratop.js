#!/usr/bin/env node
// Starts the bundle. Old versions of Node must be able to read this file: it tells their users which version is needed.
import {spawn} from 'node:child_process';
import {existsSync, statSync} from 'node:fs';
import module from 'node:module';
import {constants} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';

// Ink 8 needs Node 22; TLS and HTTP clients in the lazy parts need 22.19.
const [neededMajor, neededMinor] = [22, 19];
const [major, minor] = process.versions.node.split('.').map(Number);
const isNewEnough = major > neededMajor || (major === neededMajor && minor >= neededMinor);

const bundle = new URL('../dist/cli.js', import.meta.url);
const ownNode = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));

// Node would open a debugger on a port for whoever sends this signal. The bundle does the same, but is loaded later.
process.on('SIGUSR1', () => {});

function fail(sentence) {
	process.stderr.write(`tetratop: ${sentence}\n`);
	process.exitCode = 1;
}

/** Says that the descriptor of its value is the launcher's pipe. */
const launcherVariable = 'TETRATOP_LAUNCHER_FD';
const launcherFd = 3;

/** Runs the same command line under the checkout's own Node and ends as it ends. */
function runAgain() {
	const child = spawn(ownNode, ['--disable-sigusr1', ...process.argv.slice(1)], {
		// The pipe ends when this process is killed.
		stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
		env: {...process.env, [launcherVariable]: String(launcherFd)},
	});

	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2']) {
		// The child gives the terminal back before it ends; this process must not leave first.
		process.on(signal, () => child.kill(signal));
	}

	child.on('error', error => fail(`cannot run ${ownNode}: ${error.message}`));
	child.on('exit', (code, signal) => {
		process.exitCode = signal ? 128 + constants.signals[signal] : code;
	});
}

/** Ends this program as a hangup does when the launcher that has started it is killed: nobody waits for it any more. */
function endWithLauncher() {
	const isLaunched = process.env[launcherVariable] === String(launcherFd);
	delete process.env[launcherVariable];

	if (!isLaunched) {
		return;
	}

	try {
		const {Socket} = process.getBuiltinModule('node:net');
		const pipe = new Socket({fd: launcherFd});
		pipe.on('error', () => {});
		pipe.on('close', () => process.kill(process.pid, 'SIGHUP'));
		pipe.resume();
		pipe.unref();
	} catch {
		// Somebody has set the variable, and there is no pipe.
	}
}

/**
Keeps compiled code for the next start, a fifth of which is compiling. Only in a home of this user, because a person who can
write there decides which code runs: under sudo, HOME may be another user's.
*/
function keepCompiledCode() {
	const {HOME, XDG_CACHE_HOME} = process.env;
	const base = XDG_CACHE_HOME && path.isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : HOME && path.join(HOME, '.cache');

	try {
		if (base && statSync(existsSync(base) ? base : HOME).uid === process.getuid()) {
			module.enableCompileCache(path.join(base, 'tetratop'));
		}
	} catch {
		// Without the cache the program starts later, and that is all.
	}
}

if (!existsSync(bundle)) {
	fail('dist/cli.js is missing. Run npm install in the checkout: it builds the program.');
} else if (isNewEnough) {
	endWithLauncher();
	keepCompiledCode();
	await import(bundle.href);
} else if (existsSync(ownNode)) {
	runAgain();
} else {
	fail(
		`needs Node ${neededMajor}.${neededMinor} or newer, this is ${process.versions.node}. ` +
			'Use a newer Node, the single-file build, or npm install in a checkout, which brings its own Node.',
	);
}
