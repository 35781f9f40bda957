/**
Before the first node streams: what was tried and how far it is, as a list that grows. Not a spinner: who waits sees what
for.

    tetratop 0.1   ctx prod-eu   looking for Tetragon ...
      ok   kubeconfig ~/.kube/config, user sre-oncall
      ok   Tetragon: DaemonSet kube-system/tetragon v1.7.0, 11 of 12 pods ready
      ...  nodes 7/11 streaming   4 connecting
*/
import {own, type SafeText, safe} from '../../text/safe.js';
import {wrap} from '../../text/width.js';
import type {Line, Tone} from '../frame/line.js';
import type {ConnectStep} from '../state/state.js';
import {blankLine, Cells} from '../widgets/cells.js';
import {isWatched, isWell} from '../widgets/node-words.js';
import {counted} from '../widgets/numbers.js';
import type {OverlayContext, Size} from './boxed.js';

const marks: Readonly<Record<ConnectStep['state'], {readonly word: SafeText; readonly tone: Tone}>> = {
	done: {word: own('ok'), tone: 'good'},
	doing: {word: own('...'), tone: 'dim'},
	failed: {word: own('no'), tone: 'bad'},
};

function nodesLine({picture}: OverlayContext): {readonly state: ConnectStep['state']; readonly text: SafeText} {
	const nodes = picture.nodes.filter(isWatched);
	const well = nodes.filter(isWell).length;
	const blocked = nodes.filter(({state}) => state === 'blocked').length;
	const others = nodes.length - well - blocked;
	const parts = own`nodes ${well}/${nodes.length} streaming`;
	const waiting = others > 0 ? own`   ${others} connecting` : own('');
	const bad = blocked > 0 ? own`   ${blocked} blocked` : own('');
	const state = well > 0 ? 'done' : others > 0 || nodes.length === 0 ? 'doing' : 'failed';
	return {state, text: own`${parts}${waiting}${bad}`};
}

function stepLines(state: ConnectStep['state'], text: SafeText, width: number): Line[] {
	const {word, tone} = marks[state];
	return wrap(text, Math.max(1, width - 7)).map((row, index) =>
		new Cells(width)
			.gap(2)
			.field(index === 0 ? word : own(''), 5, tone)
			.put(row)
			.end(),
	);
}

/** `steps` come before the lines on nodes, processes and problems, which are read from the picture. */
export function connectScreen(context: OverlayContext, {rect}: Size, steps: readonly ConnectStep[]): Line[] {
	const {width, height} = rect;
	const {ui, picture} = context;
	const lines: Line[] = [
		new Cells(width).put(own('tetratop'), 'strong').gap(3).put(safe(ui.targetName, 200), 'accent').end(),
		...steps.flatMap(step => stepLines(step.state, safe(step.text), width)),
	];
	const nodes = nodesLine(context);
	lines.push(...stepLines(nodes.state, nodes.text, width));
	for (const node of picture.nodes) {
		if (node.state !== 'blocked' && node.state !== 'retrying') {
			continue;
		}
		lines.push(
			...stepLines(node.state === 'blocked' ? 'failed' : 'doing', own`${safe(node.name)}: ${safe(node.note)}`, width),
		);
	}
	if (picture.totals.processes > 0) {
		lines.push(
			...stepLines(
				'done',
				own`process cache: ${counted(picture.totals.processes, own('process'), own('processes'))}`,
				width,
			),
		);
	}
	for (const problem of picture.problems) {
		lines.push(...stepLines('failed', own`${safe(problem.what)}: ${safe(problem.why)}. ${safe(problem.fix)}`, width));
	}
	lines.push(
		blankLine(width),
		new Cells(width).gap(2).put(own('Esc opens the panes and goes on trying   q quit'), 'dim').end(),
	);
	while (lines.length < height) {
		lines.push(blankLine(width));
	}
	return lines.slice(0, height);
}
