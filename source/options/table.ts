/**
The table of options. A row is a long flag, a key of the configuration file, an environment variable (TETRATOP_… in capitals), and
a line of --help, the man page, docs/options.md and the shells' completions. Names are those of tetra and kubectl where these have
one. A flag wins over the environment, the environment over the file, the file over the default.
*/
import {transportChoices} from '../transports.js';
import type {Command, CommandName, Flag, Group} from './flag.js';

export const shells = ['bash', 'zsh', 'fish'] as const;

// biome-ignore format: a table reads by its rows
export const commands = [
	{
		name: 'live',
		operands: '[TARGET]',
		help: 'Watch a cluster live; TARGET is a pod (xwing, pod/xwing) or a workload (deployment/deathstar). Without TARGET: all nodes.',
		count: [0, 1],
	},
	{name: 'demo', operands: '', help: 'Open the live screen on embedded agents that play recordings; no cluster is needed.', count: [0, 0]},
	{
		name: 'replay',
		operands: 'FILE...',
		help: "Show Tetragon's events from Loki (loki: is $LOKI_ADDR), or from files: export log, tetra getevents -o json, or any log that has them in it, also compressed; rotated files, directories and patterns; - is standard input.",
		count: [1, Number.POSITIVE_INFINITY],
	},
	{
		name: 'kills',
		operands: '[TARGET]',
		help: 'Print a report for each kill that the nodes of TARGET still know, or of a recording: what, when, where, by which policy, with its proof. docs/schema.md describes the form.',
		count: [0, 1],
	},
	{
		name: 'doctor',
		operands: '[TARGET|loki:]',
		help: 'Try every step of the way to each agent, or to a Loki, and print a line for each; exit code 0: all agents answer, 1: some, 2: none.',
		count: [0, 1],
	},
	{
		name: 'policies',
		operands: '[TARGET]',
		help: 'Print the policies that apply to TARGET, or all: what the cluster has, what each agent has loaded, and where the two differ.',
		count: [0, 1],
	},
	{name: 'rbac', operands: '', help: 'Print the smallest Role and ClusterRole that tetratop needs for each transport.', count: [0, 0]},
	{name: 'keys', operands: '', help: 'Print the keys of the screen.', count: [0, 0]},
	{name: 'completion', operands: shells.join('|'), help: "Print the shell's completion script.", count: [1, 1]},
	{name: 'man', operands: '', help: 'Print the man page: tetratop man | man -l -', count: [0, 0]},
	{name: 'version', operands: '', help: 'Print the version, its commit and the runtime.', count: [0, 0]},
	{name: 'licenses', operands: '', help: 'Print the licence of tetratop and those of all that it contains.', count: [0, 0]},
] as const satisfies readonly Command[];

export const groups: Readonly<Record<Group, string>> = {
	target: 'What to watch',
	agent: 'An agent by its address',
	kubernetes: 'Reaching the cluster (as kubectl)',
	filter: 'Which events (as tetra getevents)',
	output: 'Lines instead of a screen',
	screen: 'The screen',
	general: 'General',
};

const eventForms: readonly string[] = ['json', 'compact'];
/** Of -o, by the command. */
export const outputForms = {
	live: eventForms,
	demo: eventForms,
	replay: eventForms,
	doctor: eventForms,
	kills: ['text', 'json', 'csv'],
	policies: ['text', 'json'],
} as const satisfies Partial<Record<CommandName, readonly string[]>>;

const cluster = ['live', 'doctor', 'policies', 'kills'] as const;
const events = ['live', 'demo', 'replay'] as const;
const everywhere = [
	'live',
	'demo',
	'replay',
	'kills',
	'doctor',
	'policies',
	'rbac',
	'keys',
	'completion',
	'man',
	'version',
	'licenses',
] as const;

// biome-ignore format: a table reads by its rows
export const flags = [
	// What to watch
	{name: 'namespace', short: 'n', aliases: ['namespaces'], kind: 'text', list: 'comma', group: 'target', commands: [...events, 'doctor', 'policies', 'kills', 'rbac'], placeholder: 'NAME', completes: 'namespace', help: 'Namespace of the target and of the events; several with commas, or by repeating the flag.'},
	{name: 'all-namespaces', short: 'A', kind: 'switch', group: 'target', commands: cluster, help: 'Look for the target in all namespaces.'},
	{name: 'selector', short: 'l', kind: 'text', group: 'target', commands: cluster, placeholder: 'LABELS', help: 'Watch the pods with these labels: app=x,tier!=db.'},
	{name: 'node', kind: 'text', list: 'comma', group: 'target', commands: cluster, placeholder: 'NAME', completes: 'node', help: 'Watch only this node; several with commas, or by repeating the flag.'},
	{name: 'no-wait', kind: 'switch', group: 'target', commands: ['live'], help: 'Lines: end with 1 when the target, its node or Tetragon is not there. Without it tetratop says what it waits for, and waits.'},

	// An agent by its address
	{name: 'server-address', kind: 'text', group: 'agent', commands: cluster, placeholder: 'ADDRESS', help: 'Watch one agent at this address, without a cluster: unix:///path, host:port or host.'},
	{name: 'tls-cert-file', kind: 'text', group: 'agent', commands: cluster, placeholder: 'FILE', completes: 'file', help: 'Client certificate for the agent (PEM).'},
	{name: 'tls-key-file', kind: 'text', group: 'agent', commands: cluster, placeholder: 'FILE', completes: 'file', help: 'Key of the client certificate (PEM).'},
	{name: 'tls-ca-cert-files', kind: 'text', list: 'comma', group: 'agent', commands: cluster, placeholder: 'FILE', completes: 'file', help: "Authorities for the agent's certificate (PEM)."},
	{name: 'tls-server-name', kind: 'text', group: 'agent', commands: cluster, placeholder: 'NAME', help: "Name that the certificate must have: the agent's with --server-address, else the API server's."},
	{name: 'max-recv-size', kind: 'bytes', default: '16MiB', group: 'agent', commands: cluster, placeholder: 'SIZE', help: 'Longest message of an agent: a longer one ends the stream, which is opened again. The process cache has a limit of its own.'},
	{name: 'tls-skip-verify', kind: 'switch', group: 'agent', commands: cluster, help: "Encrypt, but accept any certificate of the agent; the header shows INSECURE."},

	// Reaching the cluster
	{name: 'kubeconfig', kind: 'text', group: 'kubernetes', commands: cluster, placeholder: 'FILE', completes: 'file', help: 'Kubeconfig file. Without it: $KUBECONFIG, ~/.kube/config, or the service account of the pod.'},
	{name: 'context', kind: 'text', group: 'kubernetes', commands: cluster, placeholder: 'NAME', completes: 'context', help: 'Context of the kubeconfig.'},
	{name: 'cluster', kind: 'text', group: 'kubernetes', commands: cluster, placeholder: 'NAME', completes: 'cluster', help: 'Cluster of the kubeconfig.'},
	{name: 'user', kind: 'text', group: 'kubernetes', commands: cluster, placeholder: 'NAME', completes: 'user', help: 'User of the kubeconfig.'},
	{name: 'as', kind: 'text', group: 'kubernetes', commands: cluster, placeholder: 'USER', help: 'Impersonate this user.'},
	{name: 'as-group', kind: 'text', list: 'repeat', group: 'kubernetes', commands: cluster, placeholder: 'GROUP', help: 'Impersonate this group; may be repeated.'},
	{name: 'as-uid', kind: 'text', group: 'kubernetes', commands: cluster, placeholder: 'UID', help: 'Impersonate a user with this UID.'},
	{name: 'as-user-extra', kind: 'text', list: 'repeat', group: 'kubernetes', commands: cluster, placeholder: 'KEY=VALUE', help: 'Impersonate a user with this extra; may be repeated, also for several values of one key.'},
	{name: 'client-certificate', kind: 'text', group: 'kubernetes', commands: cluster, placeholder: 'FILE', completes: 'file', help: 'Client certificate for the API server (PEM).'},
	{name: 'client-key', kind: 'text', group: 'kubernetes', commands: cluster, placeholder: 'FILE', completes: 'file', help: 'Key of the client certificate (PEM).'},
	{name: 'token', kind: 'text', group: 'kubernetes', commands: cluster, placeholder: 'TOKEN', help: 'Bearer token. Other users of the machine can read flags; TETRATOP_TOKEN is safer.'},
	{name: 'server', short: 's', kind: 'text', group: 'kubernetes', commands: cluster, placeholder: 'URL', help: 'Address of the API server.'},
	{name: 'certificate-authority', kind: 'text', group: 'kubernetes', commands: cluster, placeholder: 'FILE', completes: 'file', help: "Authority for the API server's certificate (PEM)."},
	{name: 'insecure-skip-tls-verify', kind: 'switch', group: 'kubernetes', commands: cluster, help: 'Accept any certificate of the API server.'},
	{name: 'request-timeout', kind: 'duration', group: 'kubernetes', commands: cluster, placeholder: 'TIME', help: 'Longest time for one request to the API server: 1s, 2m, 0 for no limit. Without it: a minute.'},
	{name: 'tetragon-namespace', kind: 'text', group: 'kubernetes', commands: [...cluster, 'rbac'], placeholder: 'NAME', completes: 'namespace', help: 'Namespace of Tetragon. Without it: kube-system, then all namespaces.'},
	{name: 'tetragon-selector', kind: 'text', default: 'app.kubernetes.io/name=tetragon', group: 'kubernetes', commands: cluster, placeholder: 'LABELS', help: "Labels of Tetragon's pods."},
	{name: 'tetragon-container', kind: 'text', default: 'tetragon', group: 'kubernetes', commands: cluster, placeholder: 'NAME', help: "Name of the agent's container in Tetragon's pods."},
	{name: 'transport', kind: 'text', choices: transportChoices, default: 'auto', group: 'kubernetes', commands: [...cluster, 'rbac'], placeholder: 'WAY', help: 'How an agent is reached through the API server.'},

	// Which events
	{name: 'pod', aliases: ['pods'], kind: 'text', list: 'regex', group: 'filter', commands: events, placeholder: 'REGEX', completes: 'pod', help: 'Events of pods whose name matches.'},
	{name: 'process', aliases: ['processes'], kind: 'text', list: 'regex', group: 'filter', commands: events, placeholder: 'REGEX', help: 'Events of processes whose binary matches.'},
	{name: 'container', aliases: ['containers'], kind: 'text', list: 'regex', group: 'filter', commands: events, placeholder: 'REGEX', help: 'Events of containers whose name matches.'},
	{name: 'event-types', short: 'e', kind: 'event-type', list: 'comma', group: 'filter', commands: events, placeholder: 'TYPE', help: 'Events of these types: PROCESS_EXEC or exec, PROCESS_EXIT or exit, PROCESS_KPROBE, PROCESS_LSM, …'},
	{name: 'policy-names', kind: 'text', list: 'comma', group: 'filter', commands: events, placeholder: 'NAME', completes: 'policy', help: 'Events of these tracing policies.'},
	{name: 'host', kind: 'switch', group: 'filter', commands: events, help: 'Events of the host: processes in no pod.'},
	{name: 'namespace-regex', kind: 'text', list: 'regex', group: 'filter', commands: events, placeholder: 'REGEX', help: 'Events of namespaces whose name matches.'},
	{name: 'cel-expression', kind: 'text', list: 'repeat', group: 'filter', commands: ['live', 'demo'], placeholder: 'CEL', help: "Events for which the agent finds this CEL true: process_exit.signal == 'SIGKILL'; may be repeated (or)."},
	{name: 'labels', kind: 'text', list: 'repeat', group: 'filter', commands: events, placeholder: 'LABELS', help: 'Events of pods with these labels; may be repeated (or).'},
	{name: 'deny', kind: 'text', list: 'repeat', group: 'filter', commands: events, placeholder: 'FLAG=VALUE', help: 'Leave out events: namespace=kube-system; or several conditions (and): "pod=^api-;event-types=PROCESS_EXIT"; may be repeated (or).'},
	{name: 'server-filter', kind: 'switch', group: 'filter', commands: ['live', 'demo'], help: 'Let the agents drop the events that the filter hides: less traffic, but they cannot be shown later.'},

	// Which time
	{name: 'since', kind: 'moment', group: 'filter', commands: ['live', 'replay', 'kills'], placeholder: 'TIME', help: 'Events from this time on: 10m, 2h, 2d (ago), 12:04, 2026-11-28T12:04:05Z; without a zone the local one is meant. Live: what the nodes keep of it comes first; with a target 15m unasked, 0: nothing.'},
	{name: 'query', kind: 'text', group: 'filter', commands: ['live', 'replay', 'kills', 'doctor'], placeholder: 'LOGQL', help: 'Where in Loki the events are, with its labels: {container="export-stdout"}. Without it tetratop looks for the container of the export.'},
	{name: 'org-id', kind: 'text', group: 'filter', commands: ['live', 'replay', 'kills', 'doctor'], placeholder: 'TENANT', help: 'Tenant of Loki. Without it: $LOKI_ORG_ID.'},
	{name: 'until', kind: 'moment', group: 'filter', commands: ['live', 'replay', 'kills'], placeholder: 'TIME', help: 'Events before this time. Live: of what came before the start.'},
	{name: 'last', kind: 'count', group: 'filter', commands: ['live', 'replay'], placeholder: 'N', help: 'The newest N events, of all nodes together.'},
	{name: 'follow', short: 'f', kind: 'switch', group: 'output', commands: ['replay', 'kills'], help: 'Go on with what is written to the file, also after it was rotated or truncated, as tail -F.'},
	{name: 'heal', kind: 'switch', default: 'true', group: 'filter', commands: ['live'], help: 'After a gap ask the node for the events that are missing.'},

	// Lines instead of a screen
	{name: 'output', short: 'o', kind: 'text', choices: ['json', 'compact', 'text', 'csv'], choicesOf: outputForms, group: 'output', commands: [...events, 'kills', 'doctor', 'policies'], placeholder: 'FORM', help: 'Print one line per event instead of the screen: json or compact; json where standard output is no terminal. kills: text, json or csv; policies: text or json.'},
	{name: 'input-file', kind: 'text', list: 'repeat', group: 'target', commands: ['kills'], placeholder: 'FILE', completes: 'file', help: 'Files, directories, patterns or a Loki as replay takes them; - is standard input; may be repeated.'},
	{name: 'fail-on', kind: 'text', list: 'comma', choices: ['killed', 'denied', 'would', 'unseen'], group: 'output', commands: ['kills'], placeholder: 'STATE', help: 'End with exit code 3 when one of these was seen; several with commas.'},
	{name: 'redact', kind: 'text', list: 'repeat', group: 'output', commands: ['kills'], placeholder: 'REGEX', help: 'Replace what matches by ***, or its first group if it has one: --password=(\\S+); may be repeated.'},
	{name: 'timestamps', kind: 'switch', group: 'output', commands: events, help: 'Begin each line of compact with the time of the event.'},
	{name: 'stack-traces', kind: 'switch', default: 'true', group: 'output', commands: events, help: 'Print stack traces below the events of compact.'},
	{name: 'ima-hash', kind: 'switch', default: 'true', group: 'output', commands: events, help: 'Print the IMA hashes of LSM events in compact.'},

	// The screen
	{name: 'color', kind: 'text', choices: ['auto', 'always', 'never'], default: 'auto', group: 'screen', commands: [...events, 'doctor'], placeholder: 'WHEN', help: 'Use colours; auto: on a terminal, unless NO_COLOR is set.'},
	{name: 'ascii', kind: 'switch', group: 'screen', commands: events, help: 'Draw with ASCII only; this is the default where the locale is not UTF-8, or TERM is linux, dumb or vt*.'},
	{name: 'theme', kind: 'text', choices: ['default', 'light', 'mono', 'high-contrast'], default: 'default', group: 'screen', commands: events, placeholder: 'NAME', help: 'Set of colours.'},
	{name: 'mouse', kind: 'switch', group: 'screen', commands: events, help: "Use clicks and the wheel; to select text with the mouse, hold Shift."},
	{name: 'buffer', kind: 'bytes', default: '128MiB', group: 'screen', commands: events, placeholder: 'SIZE', help: 'Memory for events; the oldest are dropped first. Kills are kept apart.'},
	{name: 'speed', kind: 'speed', default: '1', group: 'screen', commands: ['demo', 'replay'], placeholder: 'FACTOR', help: 'Play a recording with this speed: 0.5, 4, max. Without it a replay shows everything at once.'},
	{name: 'play', kind: 'switch', group: 'screen', commands: ['replay'], help: 'Play the recording as it happened; a gap of more than 2 s is not waited out.'},
	{name: 'real-time', kind: 'switch', group: 'screen', commands: ['replay'], help: 'With --play or --speed: wait out every gap.'},
	{name: 'record', kind: 'text', group: 'screen', commands: events, placeholder: 'FILE', completes: 'file', help: 'Write all events that arrive to this file, as JSON lines of Tetragon; gzip if the name ends in .gz.'},
	{name: 'allow-write', kind: 'switch', group: 'screen', commands: ['live', 'demo'], help: 'Allow switching a policy between monitor and enforce. Without it tetratop changes nothing.'},

	// General
	{name: 'config', kind: 'text', group: 'general', commands: everywhere, placeholder: 'FILE', completes: 'file', help: 'Configuration file. Without it: $XDG_CONFIG_HOME/tetratop/config.yaml or ~/.config/tetratop/config.yaml.'},
	{name: 'help', short: 'h', kind: 'switch', group: 'general', commands: everywhere, commandLineOnly: true, help: 'Show this help.'},
	{name: 'version', kind: 'switch', group: 'general', commands: everywhere, commandLineOnly: true, help: 'Show the version.'},
] as const satisfies readonly Flag[];

/** Environment variables that no flag has. */
export const environment: ReadonlyArray<readonly [string, string]> = [
	['KUBECONFIG', 'Kubeconfig files, merged as kubectl merges them.'],
	['NO_COLOR', 'No colours, whatever its value.'],
	['XDG_CONFIG_HOME', 'Directory with tetratop/config.yaml.'],
	['HTTPS_PROXY, NO_PROXY', 'Proxy to the API server and to Loki, and the hosts without one.'],
	['LOKI_ADDR', 'Address of Loki for loki:; without it http://localhost:3100.'],
	[
		'LOKI_USERNAME, LOKI_PASSWORD',
		'Login to Loki; or LOKI_BEARER_TOKEN, LOKI_BEARER_TOKEN_FILE. LOKI_AUTH_HEADER names the header.',
	],
	['LOKI_ORG_ID', 'Tenant of Loki.'],
	['LOKI_CA_CERT_PATH, LOKI_CLIENT_CERT_PATH, LOKI_CLIENT_KEY_PATH, LOKI_TLS_SKIP_VERIFY', 'TLS to Loki.'],
	['LOKI_HTTP_PROXY_URL, LOKI_QUERY_TAGS, LOKI_CLIENT_RETRIES', 'As logcli takes them.'],
	['LC_ALL, LC_CTYPE, LANG, TERM', 'They decide between Unicode and ASCII.'],
];
