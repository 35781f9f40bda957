/** The only thing that tetratop can change in a cluster, and only with --allow-write: a policy's mode. */
import {own} from '../../text/safe.js';
import {cursorIndex} from '../cursor.js';
import {flash, type Reaction, type Scene, stay} from '../reaction.js';
import {policyList} from './lists.js';

/** Asks before it switches: on how many nodes, and whom it would have killed. */
export function askPolicyMode(scene: Scene): Reaction {
	const {ui, picture} = scene;
	if (!ui.allowWrite) {
		return stay(flash(scene, own('read-only: start tetratop with --allow-write to switch a policy')));
	}

	const policy = picture.policies[cursorIndex(policyList(picture), ui.policies.cursor)];
	if (!policy) {
		return stay(ui);
	}

	const toEnforce = policy.mode !== 'enforce';
	const question = [
		`${toEnforce ? 'Enforce' : 'Only monitor'} the policy ${policy.name}${policy.namespace === '' ? '' : ` of namespace ${policy.namespace}`} on ${policy.perNode.length} node${policy.perNode.length === 1 ? '' : 's'}?`,
		...(toEnforce ? blast(policy.blastRadius) : ['What it kills or denies now will go on unhindered.']),
		'The change is made in the agents and lost when they restart; the TracingPolicy in the cluster stays as it is.',
	];
	const mode = toEnforce ? 'TP_MODE_ENFORCE' : 'TP_MODE_MONITOR';
	return stay({
		...ui,
		overlay: {
			type: 'ask',
			question,
			yes: toEnforce ? 'enforce' : 'monitor',
			action: JSON.stringify({name: policy.name, namespace: policy.namespace, mode}),
		},
	});
}

const shown = 5;

const blast = (
	rows: ReadonlyArray<{readonly workload: string; readonly binary: string; readonly count: number}>,
): string[] =>
	rows.length === 0
		? ['Since tetratop started it would have killed or denied nothing.']
		: [
				`Since tetratop started it would have killed or denied, of ${rows.length} workloads and binaries:`,
				...rows.slice(0, shown).map(({workload, binary, count}) => `  ${workload}  ${binary}  ${count} times`),
				...(rows.length > shown ? [`  and ${rows.length - shown} more`] : []),
			];

export function answerYes(scene: Scene): Reaction {
	const {overlay} = scene.ui;
	if (overlay?.type !== 'ask') {
		return stay(scene.ui);
	}

	const {name, namespace, mode} = JSON.parse(overlay.action);
	return stay({...scene.ui, overlay: undefined}, {type: 'switch-policy', name, namespace, mode});
}
