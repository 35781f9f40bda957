/** A process as an attacker would name it: what its arguments, paths and pod hold must never reach a terminal as it is. */
import {encodeMessage} from '../../source/tetragon/wire/encode.js';

const esc = '\u001B';

const sequences = [
	`${esc}[2J${esc}[1;1Hpwned`,
	`${esc}]52;c;cHduZWQ=\u0007`,
	`${esc}]0;pwned\u0007`,
	`${esc}P$qm${esc}\\`,
	'\u009B31m',
	'\u202Epwned\u202C',
	'\u2066pwned',
	'pwned\u200B',
	'pwned\u2028',
	'pwned\r\npwned',
	'\u0007pwned',
	'\u0008\u0008pwned',
	'\u{E0041}pwned',
] as const;

const all = sequences.join(' ');

const process = {
	exec_id: 'aG9zdGlsZTox',
	pid: 4242,
	uid: 0,
	cwd: `/tmp/${all}`,
	binary: `/bin/pwned ${all}`,
	arguments: all,
	flags: 'execve',
	start_time: new Date(0).toISOString(),
	pod: {
		namespace: `own${all}`,
		name: `pwned${all}`,
		container: {id: `c${all}`, name: `c${all}`, image: {id: 'x', name: `image${all}`}},
		pod_labels: {[`key${all}`]: `value${all}`},
		workload: `w${all}`,
		workload_kind: `K${all}`,
	},
};

export const hostile = {sequences, process, node: `node${all}`};

/** A GetEventsResponse with it. */
export function buildFrame(): Buffer {
	return Buffer.from(
		encodeMessage('GetEventsResponse', {
			process_exec: {process: hostile.process},
			node_name: hostile.node,
			time: new Date().toISOString(),
		}),
	);
}
