import assert from 'node:assert/strict';
import test from 'node:test';
import {wantsCluster} from '../../source/modes/live.js';
import type {Flag} from '../../source/options/flag.js';
import type {Options} from '../../source/options/options.js';
import {parseOptions} from '../../source/options/parse.js';
import {flags} from '../../source/options/table.js';

/** No kubeconfig and no pod around it: nothing but the words can ask for a cluster. */
function isCluster(argv: readonly string[], environment: Record<string, string> = {}): boolean {
	const {options, error} = parseOptions(argv, environment);
	assert.equal(error, undefined);
	return wantsCluster(options as Options, {});
}

const values: Readonly<Record<string, string>> = {transport: 'exec', 'request-timeout': '5s', 'max-recv-size': '1M'};
const table: readonly Flag[] = flags;

for (const {name, kind, group, commands} of table) {
	const asks = group === 'kubernetes' || (group === 'target' && !commands.includes('replay'));

	if (commands.includes('live') && (asks || group === 'agent')) {
		test(`--${name} asks for ${asks ? 'a cluster' : 'no cluster'}`, () => {
			const words = kind === 'switch' ? [`--${name}`] : [`--${name}`, values[name] ?? 'x'];
			const pair =
				name === 'tls-cert-file' ? ['--tls-key-file', 'k'] : name === 'tls-key-file' ? ['--tls-cert-file', 'c'] : [];
			assert.equal(isCluster([...words, ...pair]), asks);
		});
	}
}

test('a flag of the cluster may also be set in the environment', () => {
	assert.equal(isCluster([], {TETRATOP_AS_GROUP: 'admins'}), true);
	assert.equal(isCluster([], {TETRATOP_TLS_SERVER_NAME: 'agent'}), false);
});

test('an address is asked without a cluster, a target in one', () => {
	assert.equal(isCluster(['--server-address', 'localhost:1']), false);
	assert.equal(isCluster(['xwing']), true);
	assert.equal(isCluster([]), false);
});

test('a kubeconfig, or the service account of a pod, asks for a cluster', () => {
	const {options} = parseOptions([]);
	assert.equal(wantsCluster(options as Options, {KUBECONFIG: '/x'}), true);
	assert.equal(wantsCluster(options as Options, {KUBERNETES_SERVICE_HOST: '10.0.0.1'}), true);
});
