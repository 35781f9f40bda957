/**
The kubeconfig by kubectl's rules: each case was given to a real kubectl, and the table has the request that it sent, or its refusal.
tetratop sends the same request, or refuses in plain words. A difference that is wanted is marked in the table, and
docs/kubernetes.md names its reason.
*/
import assert from 'node:assert/strict';
import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {anyObject} from '../../../source/kubernetes/api/shape.js';
import {openCluster} from '../../../source/kubernetes/cluster.js';
import {kubernetesOptions} from '../../../source/modes/cluster/options.js';
import {loadOptions} from '../../../source/options/load.js';
import {Refusal} from '../../../source/problem.js';
import {type Case, WireServers} from './wire.js';

const table = JSON.parse(readFileSync(new URL('kubectl-cases.json', import.meta.url), 'utf8')) as {
	cases: readonly Case[];
};
/** Texts of the cases that no message may have. */
const secrets = ['good', 'from-file', 'secret', 'of-plugin', 'of-sub', 'of-v', 'given', 'LS0t'];

async function ask({arguments: given, environment}: Case, directory: string, fill: (text: string) => string) {
	const config = path.join(directory, 'config');
	const filled = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, fill(value)]));
	const isNamed = 'KUBECONFIG' in environment || given.some(word => word.startsWith('--kubeconfig'));
	const words = [...(isNamed ? [] : [`--kubeconfig=${config}`]), ...given.map(fill)];
	const {options, error} = await loadOptions(words, {HOME: path.join(directory, 'home')});
	if (error !== undefined) {
		throw new Refusal(error.what, error.why, error.fix, false);
	}

	const home = {PATH: '/usr/bin:/bin', HOME: path.join(directory, 'home'), ...filled};
	const cluster = openCluster({...kubernetesOptions(options), environment: home}, () => undefined);
	await cluster.api.get('/version', anyObject).finally(() => cluster.api.close());
}

test('tetratop asks the API server as kubectl does, or refuses where kubectl refuses', async t => {
	assert.ok(table.cases.length >= 165);
	const servers = new WireServers();
	await servers.start();
	t.after(() => servers.stop());
	for (const one of table.cases) {
		// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one case, refused or sent
		await t.test(one.name, async () => {
			const {directory, fill} = servers.prepare(one);
			let refusal: unknown;
			try {
				await ask(one, directory, fill);
			} catch (error) {
				refusal = error;
			}

			const expected = one.wanted?.wire ?? (typeof one.kubectl === 'string' ? 'refused' : one.kubectl);
			if (expected === 'refused') {
				assert.ok(refusal instanceof Refusal, `kubectl: ${JSON.stringify(one.kubectl)}; ours: ${refusal ?? 'sent'}`);
				assert.equal(servers.seen(), undefined, 'no request is sent');
				const words = `${refusal.what} ${refusal.why} ${refusal.fix}`;
				assert.ok(refusal.what !== '' && refusal.why !== '' && refusal.fix !== '', words);
				assert.ok(!secrets.some(secret => words.includes(secret)), words);
				return;
			}

			assert.equal(refusal, undefined, String(refusal));
			assert.deepEqual(servers.seen(), expected);
			const info = path.join(directory, 'info.json');
			assert.deepEqual(
				existsSync(info) ? JSON.parse(readFileSync(info, 'utf8')) : undefined,
				one.execInfo === undefined ? undefined : JSON.parse(fill(JSON.stringify(one.execInfo))),
				'what the plugin is given',
			);
		});
	}
});
