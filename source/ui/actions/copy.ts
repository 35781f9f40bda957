/** What can be taken to another window: a value, the line, the JSON, and the commands that ask the same elsewhere. */
import type {Process} from '../../store/processes/process.js';
import {own, safe} from '../../text/safe.js';
import {kindOf, subjectUnder} from '../panes/pane-kinds.js';
import {type Reaction, type Scene, stay} from '../state/reaction.js';
import type {MenuItem, Subject} from '../state/state.js';
import {inOrder} from '../widgets/event-json.js';

/** For a POSIX shell; control characters were escaped before a terminal saw them. */
function shellQuoted(text: string): string {
	return /^[\w./:=@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function seqOf(scene: Scene, subject: Subject | undefined): number | undefined {
	if (subject?.type === 'event') {
		return subject.seq;
	}

	if (subject?.type === 'kill') {
		const {killRows} = scene.picture;
		return killRows.at(killRows.indexOf(subject.groupId))?.kills.at(-1)?.seq;
	}

	return undefined;
}

function processUnder(scene: Scene, subject: Subject | undefined): Process | undefined {
	const {picture} = scene;
	switch (subject?.type) {
		case 'event': {
			const row = picture.feed.rowOf(subject.seq);
			return row?.type === 'event' ? row.process : undefined;
		}

		case 'kill':
			return picture.killRows.at(picture.killRows.indexOf(subject.groupId))?.kills.at(-1)?.process;
		case 'process':
			return picture.tree.at(picture.tree.indexOf(subject.execId))?.process;
		default:
			return undefined;
	}
}

/** Seconds around an exec in which the API server's audit log has the request that caused it. */
const auditSeconds = 5;

function commands(process: Process): MenuItem[] {
	const {facts} = process;
	if (!facts || facts.pod === '') {
		return [];
	}

	const namespace = shellQuoted(facts.namespace);
	const pod = shellQuoted(facts.pod);
	const items: MenuItem[] = [
		{id: 'kubectl', label: 'kubectl: the pod', text: `kubectl get pod -n ${namespace} ${pod} -o yaml`},
		{
			id: 'logs',
			label: 'kubectl: its last log',
			text: `kubectl logs -n ${namespace} ${pod} -c ${shellQuoted(facts.container)} --previous`,
		},
		{
			id: 'tetra',
			label: 'tetra: the same events',
			text: `tetra getevents -o compact --namespace ${namespace} --pod ${shellQuoted(`^${facts.pod.replaceAll(/[.+*?()|[\]{}^$\\]/g, String.raw`\$&`)}$`)}`,
		},
	];
	if (facts.inInitTree === false) {
		function at(seconds: number): string {
			return new Date(process.startMs + seconds * 1000).toISOString();
		}

		items.push({
			id: 'audit',
			label: 'audit log: who came in by exec',
			text: `objectRef.subresource="exec" AND objectRef.namespace="${facts.namespace}" AND objectRef.name="${facts.pod}" AND requestReceivedTimestamp>="${at(-auditSeconds)}" AND requestReceivedTimestamp<="${at(auditSeconds)}"`,
		});
	}

	return items;
}

/** Of an end that nothing explains: the policy that would. */
function policyOf({picture}: Scene, process: Process | undefined): MenuItem[] {
	const policy = (process && picture.deathOf(process)?.policy) ?? '';
	return policy === '' ? [] : [{id: 'copy policy', label: 'policy that reports who sends signals', text: policy}];
}

function items(scene: Scene): MenuItem[] {
	const subject = subjectUnder(scene);
	const seq = seqOf(scene, subject);
	const event = seq === undefined || seq < 0 ? undefined : scene.picture.event(seq);
	const process = processUnder(scene, subject);
	const values = kindOf(scene.ui)
		.values(scene)
		.filter(({value}) => value !== '');
	return [
		...values.map(({label, value}) => ({id: `copy ${label}`, label, text: value})),
		...(process?.facts
			? [{id: 'copy line', label: 'command line', text: `${process.facts.binary} ${process.facts.arguments}`.trim()}]
			: []),
		...policyOf(scene, process),
		...(event ? [{id: 'copy json', label: 'event as JSON', text: JSON.stringify(inOrder(event))}] : []),
		...(process ? commands(process).map(item => ({...item, id: `copy ${item.id}`})) : []),
	];
}

export function copyMenu(scene: Scene): Reaction {
	const choices = items(scene);
	return choices.length === 0
		? stay(scene.ui)
		: stay({...scene.ui, overlay: {type: 'menu', title: 'Copy', items: choices, cursor: 0}});
}

/** The command line of a process, the name of anything else; in a problem box what to do about it. */
export function copy(scene: Scene): Reaction {
	const {ui, picture} = scene;
	if (ui.overlay?.type === 'problem') {
		const {id} = ui.overlay;
		const problem = picture.problems.find(candidate => candidate.id === id);
		return problem ? stay(ui, {type: 'copy', text: problem.fix, what: own('what to do')}) : stay(ui);
	}

	if (ui.overlay?.type === 'text') {
		return stay(ui, {type: 'copy', text: ui.overlay.text, what: own('the text')});
	}

	const choices = items(scene);
	const chosen = choices.find(({id}) => id === 'copy line') ?? choices[0];
	return chosen?.text === undefined ? stay(ui) : stay(ui, {type: 'copy', text: chosen.text, what: safe(chosen.label)});
}

export const copyActions = {copy, 'copy-menu': copyMenu};
