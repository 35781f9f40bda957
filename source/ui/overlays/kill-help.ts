/** How each kill state is computed, in the words of docs/README.md. The compiler asks for a row for every state. */
import {type DeathState, deathStateTable, type KillState, killStateTable} from '../../store/enforcement-states.js';
import {killWords} from '../widgets/kill-words.js';

type Rule = {readonly rule: string; readonly seen: string};

/** Names of states in the rules of others: the compiler checks that they are in the table. */
const killed: KillState = 'KILLED';
const wouldKill: KillState = 'WOULD-KILL';

/** `seen`: the recording or the test in which the state can be looked at. */
const rules: Readonly<Record<KillState, Rule>> = {
	KILLED: {
		rule: `The process ended by SIGKILL, and the policy enforced: its \`signal\` counter rose around the event, or its listed mode is enforce and nothing contradicts it. Without any mode (a log, exec-json) the exit proves it alone when it is the next thing that the process does, within 5 s. An event reports only the last action of its list (\`[Sigkill, Post]\` says POST): then the counter, the report and the exit by SIGKILL within 0.5 s prove it together. Several enforcements of one process are one ${killed}.`,
		seen: '`file-enforce`, `tutorial-plain`, `network`, `override-usdt-enforcer`, test/store/kills/oracle.test.ts',
	},
	'KILL-SENT': {
		rule: 'The policy enforced, and no exit was seen. The exit may come up to 30 s late, or was lost, or the process cannot be interrupted.',
		seen: 'test/store/kills/kills.test.ts',
	},
	'KILL ?': {
		rule: 'The mode at that moment is not known, or mode and exit disagree until the next poll of the counters. It stays when an enforced and a monitored call of one policy lie between the same two polls and both processes ended by SIGKILL. The detail says which of these it is.',
		seen: 'test/store/kills/oracle.test.ts, test/store/policies/attribution.test.ts',
	},
	UNSEEN: {
		rule: "The policy's action counters (agents from v1.6 on) rose by more than the events that came: NoPost, rate limits or loss. Processes of that node that ended by SIGKILL meanwhile are named as candidates. An event that the agent held back (up to 30 s) takes it back. Where the request of the stream is narrower than the policy, it cannot be known.",
		seen: 'test/store/kills/kills.test.ts, test/store/policies/policies.test.ts',
	},
	DENIED: {
		rule: 'Action OVERRIDE while the policy enforced (by its `override` counter or listed mode), or, without a mode, the call returned an error. OVERRIDE never kills.',
		seen: '`lsm`, `override-usdt-enforcer`',
	},
	'DENY ?': {
		rule: 'Action OVERRIDE without a known mode and without a returned error.',
		seen: 'a replay of `override-usdt-enforcer`',
	},
	SIGNALLED: {
		rule: `Action SIGNAL while the policy enforced. The event does not say which signal was sent; only an exit by SIGKILL within 0.25 s, as the next thing, makes it ${killed}.`,
		seen: 'test/store/kills/oracle.test.ts',
	},
	'NOT KILLED': {
		rule: 'The event says SIGKILL, and the process ended by itself or did what a killed process cannot do. No counter or mode says that the policy only monitored.',
		seen: 'test/store/kills/kills.test.ts',
	},
	'WOULD-KILL': {
		rule: `The event says SIGKILL, and the policy only monitored at that moment: its \`monitor_signal\` counter rose, or its listed mode is monitor and nothing contradicts it. The agent writes the action into the event without taking it. A process that ends by another SIGKILL stays ${wouldKill}.`,
		seen: 'the demo (policy `shadow-watch`), test/store/kills/oracle.test.ts',
	},
	'WOULD-SIGNAL': {
		rule: 'Action SIGNAL while the policy only monitored.',
		seen: 'test/store/kills/verdict.test.ts',
	},
	'WOULD-DENY': {
		rule: 'Action OVERRIDE while the policy only monitored.',
		seen: '`override-usdt-enforcer` after its policy was set to monitor',
	},
};

/** How each cause of death is found, the first that fits. */
const deathRules: Readonly<Record<DeathState, string>> = {
	OOM: 'The status of the container has OOMKilled, with the container and the time of the exit (± 3 s); an Event SystemOOM of the node, or the kernel log of the machine on which tetratop runs, names the pid.',
	EVICTED:
		'The status of the pod has Evicted; or the condition DisruptionTarget says EvictionByEvictionAPI, DeletionByTaintManager or TerminationByKubelet; or the Events Evicted or TaintManagerEviction say it.',
	PREEMPTED: 'The condition DisruptionTarget says PreemptionByScheduler, or the Events Preempted or Preempting say it.',
	PROBE:
		'The Event Killing of the container says that the liveness or startup probe failed; the last Event Unhealthy before it says how.',
	BY: 'A policy that hooks signals (`security_task_kill`, `sys_kill` and the like) saw another process send the signal that the process died of. The first sender is named: a wrapper that repeats the death of its child is no killer, nor is an init that passes the SIGTERM of the kubelet on. The runtime acts for the kubelet.',
	OUTSIDE:
		'The main process of a container died by SIGKILL, which no process of its container can send it, and neither the status nor the Events of its pod have a reason; or the runtime sent the signal and the kubelet says nothing of it.',
	UNKNOWN:
		'Nothing of the above. The detail lists what was looked at, the right that is missing, and the policy that would tell; `C` copies the policy. Without a signal hook a SIGKILL of one process of a container cannot be explained.',
	SHUTDOWN: 'The status of the pod or its condition DisruptionTarget says that the node was shut down.',
	RESTARTED: 'The Event Killing of the container says that its definition changed, or another reason of the kubelet.',
	DELETED:
		'The pod has a deletionTimestamp (the time of the request is that less its grace), or the Event Killing says Stopping container. An Event SuccessfulDelete names the owner that deleted it.',
	SELF: 'The exit has no signal: its code is its own, also 137, 139 and 143. Or a fault (SIGSEGV, SIGBUS, SIGABRT, SIGSYS and the like), or its own signal to itself. What is left of a container when its main process ends is ended by the kernel, and counts as the end of that process.',
};

function deathRows(): readonly string[] {
	return deathStateTable.map(
		({state, filter}) => `| **${state}**<br>\`kill:${filter}\` | ${killWords[state].meaning} | ${deathRules[state]} |`,
	);
}

export function killStatesMarkdown(): string {
	const rows = killStateTable.map(
		({state, filter}) =>
			`| **${state}**<br>\`kill:${filter}\` | ${killWords[state].meaning} | ${rules[state].rule} | ${rules[state].seen} |`,
	);
	return `# Documentation of tetratop

- [install.md](install.md): the package, the single file, Debian, krew, containers; how to copy it to a bastion
- [options.md](options.md): commands, flags, environment, configuration, exit codes (also \`tetratop --help\` and \`man tetratop\`)
- [keys.md](keys.md): every key (also \`?\` in the program and \`tetratop keys\`)
- [commands.md](commands.md): every command of the \`:\` line (also in the help)
- [kubernetes.md](kubernetes.md): targets, when something does not work, rights, logins, transports
- [performance.md](performance.md): what to expect on your machine; what was measured and how

## What a kill state means

A Tetragon event says what a policy was configured to do, not what happened. tetratop says what happened, and how it knows.

| state, filter | in a sentence | rule | seen in |
|---|---|---|---|
${rows.join('\n')}

Alerts are grouped by pod, binary, policy and state. They live apart from the event buffer: a flood of events cannot push one
out. \`e\` goes from one to the next in all panes, \`A\` acknowledges them.

## What else ends a process

Of a process of a pod that ended by SIGKILL or SIGTERM, and of a container that ended at all, the pane of alerts and the detail say
who ended it when it was no policy. The policies have the first word. These rows are not counted in KILL. With a target the pane has
all of them; without one it has the ends of containers and those by SIGKILL. \`:set deaths=policy\` makes \`e\` stop at the policies'
alerts alone, \`:set deaths=all\` at all rows. The API is asked for \`get, list, watch\` of pods and events in the namespaces of the
target; without that right the detail says what it cannot know. An answer changes when more becomes known, in whatever order it comes.

| state, filter | in a sentence | rule |
|---|---|---|
${deathRows().join('\n')}

## What is lost is said

Agents drop events for slow clients in silence. \`LOST\` in the header counts what is known: \`srv\` what the agents' metrics say
(\`?\` where they cannot be read), \`cli\` what tetratop itself let go. MISSED in the policies view is a policy's counter less the
events seen. Gaps of a stream are drawn into the feed where they happened. A feed with an unknown loss says \`?\`, never 0.
`;
}
