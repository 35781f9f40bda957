/** Texts from elsewhere, and problems in full. */
import {own} from '../../text/safe.js';
import {nodeUnder} from '../panes/nodes-pane.js';
import {policyUnder} from '../panes/policies-pane.js';
import {flash, type Reaction, type Scene, stay} from '../state/reaction.js';

export function showPolicy(scene: Scene): Reaction {
	const {ui} = scene;
	const policy = policyUnder(scene);
	return policy ? stay(ui, {type: 'show-policy', name: policy.name, namespace: policy.namespace}) : stay(ui);
}

export function showLog(scene: Scene): Reaction {
	const {ui} = scene;
	const node = nodeUnder(scene);
	return node ? stay(ui, {type: 'show-log', node: node.name}) : stay(ui);
}

/** The worst problem; again: the next one. */
export function showProblems(scene: Scene): Reaction {
	const {ui, picture} = scene;
	const {overlay} = ui;
	const at = overlay?.type === 'problem' ? picture.problems.findIndex(({id}) => id === overlay.id) : -1;
	const next = picture.problems[(at + 1) % picture.problems.length];
	return next
		? stay({...ui, overlay: {type: 'problem', id: next.id, scroll: 0}})
		: stay(flash(scene, own('nothing is wrong')));
}

export const showActions = {'policy-yaml': showPolicy, 'agent-log': showLog, problems: showProblems};
