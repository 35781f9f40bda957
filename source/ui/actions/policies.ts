/** Switching a policy's mode: the only change that tetratop can make, and only with --allow-write. */
import {matcherOf} from '../../query/match.js';
import type {PolicyRow} from '../../store/policies/policy-rows.js';
import type {KillGroup} from '../../store/snapshot.js';
import {own} from '../../text/safe.js';
import {policyUnder} from '../panes/policies-pane.js';
import {flash, type Reaction, type Scene, stay} from '../state/reaction.js';
import type {UiState} from '../state/state.js';

/** Asks before the switch, with the nodes and with what the policy would have killed. */
export function askPolicyMode(scene: Scene): Reaction {
	const {ui} = scene;
	if (!ui.allowWrite) {
		return stay(flash(scene, own('read-only: start tetratop with --allow-write to switch a policy')));
	}

	const policy = policyUnder(scene);
	if (!policy) {
		return stay(ui);
	}

	const nodes = chosenNodes(ui, policy);
	if (nodes.length === 0) {
		return stay(flash(scene, own('no node that passes the filter has this policy')));
	}

	const toEnforce = policy.mode !== 'enforce';
	const left = policy.perNode.length - nodes.length;
	const question = [
		`${toEnforce ? 'Enforce' : 'Only monitor'} the policy ${policy.name}${policy.namespace === '' ? '' : ` of namespace ${policy.namespace}`} on ${nodes.length} node${nodes.length === 1 ? '' : 's'}${left === 0 ? '' : `, and not on ${left} others`}?`,
		`  ${shortened(nodes)}`,
		...(toEnforce ? blast(policy.blastRadius) : ['What it kills or denies now will no longer be stopped.']),
		'The change is made in the agents and lost when they restart; the TracingPolicy in the cluster stays as it is.',
	];
	const mode = toEnforce ? 'TP_MODE_ENFORCE' : 'TP_MODE_MONITOR';
	return stay({
		...ui,
		overlay: {
			type: 'ask',
			question,
			yes: toEnforce ? 'enforce' : 'monitor',
			action: JSON.stringify({name: policy.name, namespace: policy.namespace, mode, nodes}),
		},
	});
}

/** Nodes that have the policy and pass the node filters; `o` on a node sets such a filter. */
function chosenNodes(ui: UiState, policy: PolicyRow): readonly string[] {
	const chips = ui.chips.filter(({off, terms}) => !off && terms.every(({field}) => field === 'node'));
	return policy.perNode
		.filter(({state}) => state !== 'unlisted')
		.filter(({nodeName}) => {
			const candidate = matcherOf(chips, () => nodeName).kill;
			return candidate === undefined || candidate(anywhere);
		})
		.map(({nodeName}) => nodeName);
}

/** An enforcement with nothing but a node: node filters read no other field. */
const anywhere: KillGroup = {
	id: '',
	state: 'KILLED',
	namespace: '',
	pod: '',
	container: '',
	binary: '',
	policy: '',
	policies: [],
	node: 0,
	firstMs: 0,
	lastMs: 0,
	count: 0,
	acknowledged: false,
	kills: [],
};

function shortened(nodes: readonly string[]): string {
	return nodes.length <= 8 ? nodes.join(', ') : `${nodes.slice(0, 8).join(', ')} and ${nodes.length - 8} more`;
}

const shown = 5;

function blast(
	rows: ReadonlyArray<{readonly workload: string; readonly binary: string; readonly count: number}>,
): string[] {
	return rows.length === 0
		? ['It would have killed or denied nothing since tetratop started.']
		: [
				`Since tetratop started it would have killed or denied, of ${rows.length} workloads and binaries:`,
				...rows.slice(0, shown).map(({workload, binary, count}) => `  ${workload}  ${binary}  ${count} times`),
				...(rows.length > shown ? [`  and ${rows.length - shown} more`] : []),
			];
}

export function answerYes(scene: Scene): Reaction {
	const {overlay} = scene.ui;
	if (overlay?.type !== 'ask') {
		return stay(scene.ui);
	}

	const {name, namespace, mode, nodes} = JSON.parse(overlay.action);
	return stay({...scene.ui, overlay: undefined}, {type: 'switch-policy', name, namespace, mode, nodes});
}

export const policyActions = {'policy-mode': askPolicyMode, 'answer-yes': answerYes};
