/** A directory with a `tetra` of /bin/sh: real processes, so that a test sees what is left of them. */
import {chmodSync, mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';

/** Returns the directory, for PATH. `events` are printed at once; then it stays until it is ended. */
export function writeTetra(root: string, events: readonly object[], {stays = true, version = 'v1.6.1'} = {}): string {
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
case "$1" in
version) echo "CLI version: ${version}";;
tracingpolicy) cat "${root}/policies";;
debug) cat "${root}/cache";;
getevents) echo "$@" > "${root}/arguments"; cat "${root}/events"; ${stays ? 'exec sleep 1000' : 'exit 0'};;
esac
`,
	);
	chmodSync(file, 0o755);
	return directory;
}
