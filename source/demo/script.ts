/**
What the demo plays when. Three nodes, the tutorial's pods and a payments job; one loop is 96 s:

	 0 s  a shell in xwing reads /etc/shadow and is killed, within the first second
	 3 s  an ordinary minute: health checks, curl to the deathstar, the nightly report, a cron job on each host, and from
	      23 s on an intruder in xwing who looks around, is killed at /etc/shadow and again at /etc/crontab
	12 s  a shell in tiefighter reads /etc/shadow where a policy only watches: it would have been killed
	64 s  quiet: nothing at all
	80 s  noisy: 1 000 processes a second start and end
	90 s  nothing, then from the start
*/
export const loopSeconds = 96;

export type NodeScript = {
	readonly node: string;
	readonly zone: string;
	readonly pods: readonly string[];
};

export const nodes: readonly NodeScript[] = [
	{node: 'worker-1', zone: 'eu-west-1a', pods: ['xwing']},
	{
		node: 'worker-2',
		zone: 'eu-west-1b',
		pods: ['tiefighter', 'deathstar-6fb5694d48-8xk2p', 'coredns-668d6bf9bc-x7lqv'],
	},
	{node: 'worker-3', zone: 'eu-west-1c', pods: ['nightly-report-29399999-tq8wz', 'deathstar-6fb5694d48-5hmds']},
];

export type Slice = {
	readonly recording: string;
	/** Frames of the recording, from … to (not included). */
	readonly from: number;
	readonly to: number;
	/** Seconds into the loop of its first frame. */
	readonly at: number;
	/** How much faster than it was recorded. */
	readonly speed: number;
	/** Nodes that play the processes of its host; none where absent. */
	readonly hostOn?: readonly string[];
	/** Shown as a policy of this name in monitor mode would have it: the same event, and the process lives. */
	readonly monitoredBy?: string;
};

export const slices: readonly Slice[] = [
	{recording: 'file-enforce', from: 33, to: 39, at: 0.3, speed: 1},
	{recording: 'realistic-mix', from: 24, to: 760, at: 3, speed: 1, hostOn: ['worker-1', 'worker-2', 'worker-3']},
	{recording: 'file-enforce', from: 55, to: 64, at: 12, speed: 1, monitoredBy: 'shadow-watch'},
	{recording: 'fork-storm', from: 0, to: 6400, at: 80, speed: 6, hostOn: ['worker-2']},
];

/** Policies that are in these events, as the nodes of the demo have loaded them. */
export const policies = [
	{
		name: 'file-monitoring-filtered',
		namespace: 'default',
		mode: 'TP_MODE_ENFORCE',
		hooks: ['security_file_permission', 'security_mmap_file', 'security_path_truncate'],
		sensor: 'generic_kprobe',
		memory: '429904',
	},
	{
		name: 'shadow-watch',
		namespace: '',
		mode: 'TP_MODE_MONITOR',
		hooks: ['security_file_permission'],
		sensor: 'generic_kprobe',
		memory: '143302',
	},
	{
		name: 'connect',
		namespace: '',
		mode: 'TP_MODE_ENFORCE',
		hooks: ['tcp_connect', 'tcp_close', 'tcp_sendmsg'],
		sensor: 'generic_kprobe',
		memory: '1289712',
	},
	{
		name: 'lsm-open-and-exec',
		namespace: '',
		mode: 'TP_MODE_ENFORCE',
		hooks: ['file_open', 'bprm_check_security'],
		sensor: 'generic_lsm',
		memory: '859808',
	},
] as const;
