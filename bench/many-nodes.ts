/** The screen over many agents at once, as a cluster's, but each at a socket of its own: many-nodes.ts FOLDER COUNT */
import path from 'node:path';
import process from 'node:process';
import {fleetScreen} from '../source/modes/fleet/fleet-screen.js';
import {loadOptions} from '../source/options/load.js';
import {agentLink} from '../source/tetragon/agent/client.js';

const [folder = '', count = '1'] = process.argv.slice(2);
const parsed = await loadOptions(['--server-address', 'unix:///none'], process.env, 'tetratop');
if (parsed.error) {
	throw new Error('no options');
}

process.exitCode = await fleetScreen({
	options: parsed.options,
	targetName: `${count} nodes`,
	mode: 'live',
	async connect(add) {
		for (let node = 0; node < Number(count); node++) {
			add(
				agentLink({
					address: {type: 'unix', path: path.join(folder, String(node))},
					node: `node-${node}`,
					via: 'port-forward',
				}),
			);
		}
	},
});
