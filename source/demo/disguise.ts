/**
The recordings were made in a lab, where a program `podrun`, started by the shell of a test driver, enters a pod. In a cluster
containerd's shim and runc do that, so the demo shows these names, with the same pids and times.
*/
import type {Event, ProcessMessage} from '../tetragon/event/event.js';

const lastBoot = 1_000_000_000;

/** Long-lived processes of a node, by the lab's process whose place each takes. */
type Standing = {readonly pid: number; readonly binary: string; readonly arguments: string; readonly parent: number};

const systemd: Standing = {
	pid: 1,
	binary: '/usr/lib/systemd/systemd',
	arguments: '--switched-root --system',
	parent: 0,
};
const shim: Standing = {
	pid: 812,
	binary: '/usr/bin/containerd-shim-runc-v2',
	arguments: '-namespace k8s.io -address /run/containerd/containerd.sock',
	parent: 1,
};
const cron: Standing = {pid: 640, binary: '/usr/sbin/cron', arguments: '-f', parent: 1};
const kubelet: Standing = {
	pid: 701,
	binary: '/usr/bin/kubelet',
	arguments:
		'--config=/var/lib/kubelet/config.yaml --container-runtime-endpoint=unix:///run/containerd/containerd.sock',
	parent: 1,
};
const containerd: Standing = {pid: 655, binary: '/usr/bin/containerd', arguments: '', parent: 1};

const runc = '/usr/bin/runc';

export class Disguise {
	readonly #node: string;
	readonly #bootMs: number;

	/** `bootMs`: when the node started, milliseconds since 1970. */
	constructor(node: string, bootMs: number) {
		this.#node = node;
		this.#bootMs = bootMs;
	}

	/** Host processes that run since boot, for the process cache. */
	standing(): readonly ProcessMessage[] {
		return [systemd, containerd, kubelet, cron, shim].map(process => this.#message(process));
	}

	/** Processes that belong to the lab alone are not played. */
	isLabOnly(event: Event): boolean {
		const body = event.process_exec ?? event.process_exit ?? event.process_kprobe ?? event.process_lsm;
		const binary = body?.process?.binary ?? '';
		return (
			isShell(body?.process) || (/\/(?:tp|tetra|vmagent|sleep|seq)$/.test(binary) && body?.process?.pod === undefined)
		);
	}

	/** The process that is shown instead of `parent`, one of the lab's, as the parent of `child`. */
	parentOf(parent: ProcessMessage, child: ProcessMessage | undefined): ProcessMessage {
		if (parent.pid === 1 && parent.pod === undefined) {
			return this.#message(systemd);
		}

		if (parent.binary?.endsWith('/unshare')) {
			return this.#message(shim);
		}

		if (isShell(parent) || parent.binary === '/opt/tetragon/vmagent') {
			return this.#message(this.#isCron(child) ? cron : shim);
		}

		return this.process(parent);
	}

	process(process: ProcessMessage): ProcessMessage {
		if (process.binary?.endsWith('/podrun')) {
			return {
				...process,
				binary: runc,
				arguments: '--root /run/containerd/runc/k8s.io --log-format json exec --detach --pid-file init.pid',
				cwd: '/run/containerd/io.containerd.runtime.v2.task/k8s.io',
			};
		}

		return process;
	}

	#isCron(child: ProcessMessage | undefined): boolean {
		return (
			child !== undefined && child.pod === undefined && !child.binary?.endsWith('/podrun') && child.binary !== runc
		);
	}

	#message({pid, binary, arguments: words, parent}: Standing): ProcessMessage {
		function started(of: number): bigint {
			return BigInt(lastBoot) * BigInt(of === 1 ? 1 : (of / 4) | 0);
		}

		return {
			exec_id: this.#execId(started(pid), pid),
			pid,
			uid: 0,
			cwd: '/',
			binary,
			arguments: words,
			flags: 'procFS rootcwd',
			start_time: new Date(this.#bootMs + Number(started(pid) / 1_000_000n)).toISOString(),
			auid: 4_294_967_295,
			parent_exec_id: parent === 0 ? this.#execId(0n, 0) : this.#execId(started(parent), parent),
			tid: pid,
			in_init_tree: false,
		};
	}

	#execId(ktime: bigint, pid: number): string {
		return Buffer.from(`${this.#node}:${ktime}:${pid}`).toString('base64');
	}
}

/** The test driver's shell reads its commands from a pipe. */
function isShell(process: ProcessMessage | undefined): boolean {
	return process?.binary === '/bin/bash' && process.arguments === '-s' && process.pod === undefined;
}
