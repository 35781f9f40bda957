/** `tetratop doctor` in a cluster: each step to each agent as a line, with -o json as a JSON object. */

import process from 'node:process';
import type {DoctorLine} from '../../kubernetes/doctor.js';
import type {Options} from '../../options/options.js';
import {safe} from '../../text/safe.js';
import {say} from '../terminal/print.js';
import {kubernetesOptions} from './options.js';

const marks = {ok: 'ok  ', warning: 'warn', bad: 'bad '} as const;

/** 0: every agent streams; 1: some; 2: none. */
export async function examineInCluster(options: Options): Promise<number> {
	const {examineCluster} = await import('../../kubernetes/doctor.js');
	const print = options.output === 'json' ? (line: DoctorLine) => say(JSON.stringify(line)) : printWords;
	// There is no screen: a login program may ask.
	function interactive() {
		return process.stdin.isTTY && process.stderr.isTTY;
	}

	return examineCluster({...kubernetesOptions(options), interactive}, print, line =>
		process.stderr.write(`${safe(line)}\n`),
	);
}

function printWords({step, state, node, text, tookMs, fix}: DoctorLine): void {
	const where = node === '' ? step : `${node} ${step}`;
	const took = tookMs === undefined ? '' : ` (${Math.round(tookMs)} ms)`;
	say(`${marks[state]} ${where}: ${text}${took}`);
	// The fix may be several lines: words, and YAML of a Role.
	for (const line of state === 'ok' ? [] : (fix ?? '').split('\n').filter(one => one !== '')) {
		say(`       ${line}`);
	}
}
