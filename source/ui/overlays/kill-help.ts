/** How each kill state is computed, in the words of docs/README.md. The compiler asks for a row for every state. */
import {type KillState, killStates} from '../../store/enforcement-states.js';
import {killWords} from '../widgets/kill-words.js';

type Rule = {readonly rule: string; readonly seen: string};

/** `seen`: the recording or the test in which the state can be looked at. */
const rules: Readonly<Record<KillState, Rule>> = {
	KILLED: {
		rule: 'An event with action SIGKILL, SIGNAL or NOTIFYENFORCER, the policy in enforce mode on that node, and the exit of the same exec_id (or of the same node and pid within 5 s) by SIGKILL. The exit may come up to 30 s late, or before the event. An event reports the last action only (`[Sigkill, Post]` says POST): it is a kill when the signal counter of the policy rose, no event says so, and the process ended by SIGKILL within 1 s.',
		seen: '`file-enforce`, `tutorial-plain`, `network`, `override-usdt-enforcer`',
	},
	'KILL-SENT': {
		rule: 'The same, but the exit is not seen. After 5 s the detail says so: the exit was lost, or the process cannot be interrupted.',
		seen: 'test/store/kills/kills.test.ts',
	},
	'WOULD-KILL': {
		rule: 'The event says SIGKILL, but the policy only monitors on that node: the agent writes the action into the event without taking it.',
		seen: 'the demo (policy `shadow-watch`), test "a monitor-mode SIGKILL is never called KILLED"',
	},
	DENIED: {
		rule: 'Action OVERRIDE in enforce mode: the call returned an error and the process lives.',
		seen: '`lsm`, `override-usdt-enforcer`',
	},
	'WOULD-DENY': {
		rule: 'Action OVERRIDE while the policy only monitors.',
		seen: '`override-usdt-enforcer` after its policy was set to monitor',
	},
	SIGNALLED: {
		rule: 'Action SIGNAL in enforce mode with no exit by SIGKILL: the event does not say which signal was sent.',
		seen: 'test/store/kills/kills.test.ts',
	},
	'KILL (mode ?)': {
		rule: 'An enforcement whose mode cannot be known: an agent before v1.4, a policy list that may not be read, a recording.',
		seen: 'every replay, since a file holds no policy modes',
	},
	UNSEEN: {
		rule: "The policy's action counters (agents from v1.6 on) went up between two polls by more than the events that came: NoPost, rate limits or loss. The time is known to the poll, 10 s. An event that the agent held back (up to 30 s) takes it back.",
		seen: 'test/store/kills/kills.test.ts, test/store/policies/policies.test.ts',
	},
};

export function killStatesMarkdown(): string {
	const rows = killStates.map(
		state => `| **${state}** | ${killWords[state].meaning} | ${rules[state].rule} | ${rules[state].seen} |`,
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

| state | in a sentence | rule | seen in |
|---|---|---|---|
${rows.join('\n')}
| no alert | the process died by SIGKILL, but no policy seen here did it | An exit by SIGKILL without an enforcement event: the OOM killer, \`kill -9\`, the kubelet. Shown as \`SIGKILL (not by a policy seen here)\`. | \`tutorial-exec\` |

Alerts are grouped by pod, binary, policy and state. They live apart from the event buffer: a flood of events cannot push one
out. \`e\` goes from one to the next in all panes, \`A\` acknowledges them.

## What is lost is said

Agents drop events for slow clients in silence. \`LOST\` in the header counts what is known: \`srv\` what the agents' metrics say
(\`?\` where they cannot be read), \`cli\` what tetratop itself let go. MISSED in the policies view is a policy's counter less the
events seen. Gaps of a stream are drawn into the feed where they happened. A feed with an unknown loss says \`?\`, never 0.
`;
}
