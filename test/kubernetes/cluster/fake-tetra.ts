/** A directory with a `tetra` of /bin/sh: real processes, so that a test sees what is left of them. */
import {chmodSync, mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';

/**
Returns the directory, for PATH. `events` are printed at once; then it stays until it is ended. As the real one it prints its
own version whether the agent answers or not. The agent does not answer while a file `agent-down` is in `root`.
@param cli the version of tetra itself; the agent's is `version`.
@param knowsServer false: a tetra of before the flag `--server`, whose `version` asks the agent.
*/
export function writeTetra(
	root: string,
	events: readonly object[],
	{stays = true, version = 'v1.6.1', cli = 'v1.0.0-cli', knowsServer = true} = {},
): string {
	const directory = path.join(root, 'bin');
	mkdirSync(directory, {recursive: true});

	function lines(values: readonly object[]) {
		return values.map(value => `${JSON.stringify(value)}\n`).join('');
	}

	writeFileSync(path.join(root, 'events'), lines(events));
	writeFileSync(
		path.join(root, 'policies'),
		JSON.stringify({policies: [{id: '1', name: 'egress-deny', state: 'TP_STATE_ENABLED'}]}),
	);
	writeFileSync(
		path.join(root, 'cache'),
		lines([
			{process: {exec_id: 'a', pid: 1, binary: '/bin/alive'}, refcnt_ops: {'process++': 1}},
			{process: {exec_id: 'b', pid: 2, binary: '/bin/dead'}, refcnt_ops: {'process++': 1, 'process--': 1}},
		]),
	);
	const file = path.join(directory, 'tetra');
	writeFileSync(
		file,
		`#!/bin/sh
need_agent() { if [ -e "${root}/agent-down" ]; then echo 'Error: failed to connect: connection refused' >&2; exit 1; fi; }
case "$1" in
version)
	echo "CLI version: ${cli}"
	case "$2" in
	--server) ${knowsServer ? '' : "echo 'Error: unknown flag: --server' >&2; exit 1;"} need_agent; echo "Server version: ${version}";;
	esac;;
status) need_agent; echo "Health Status: running";;
tracingpolicy) cat "${root}/policies";;
debug) cat "${root}/cache";;
getevents) echo "$@" > "${root}/arguments"; cat "${root}/events"; ${stays ? 'exec sleep 1000' : 'exit 0'};;
esac
`,
	);
	chmodSync(file, 0o755);
	return directory;
}
