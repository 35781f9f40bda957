/** Texts from elsewhere, and problems in full. */
import {own} from '../../text/safe.js';
import {cursorIndex} from '../state/cursor.js';
import {flash, type Reaction, type Scene, stay} from '../state/reaction.js';
import {nodeList, policyList} from './lists.js';

export function showPolicy({ui, picture}: Scene): Reaction {
	const policy = picture.policies[cursorIndex(policyList(picture), ui.policies.cursor)];
	return policy ? stay(ui, {type: 'show-policy', name: policy.name, namespace: policy.namespace}) : stay(ui);
}

export function showLog({ui, picture}: Scene): Reaction {
	const node = picture.nodes[cursorIndex(nodeList(picture), ui.nodes.cursor)];
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
