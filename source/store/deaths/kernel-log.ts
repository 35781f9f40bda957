/** The OOM killer's lines of the kernel log. */
import type {OomKill} from '../death.js';

/** `Memory cgroup out of memory: Killed process 6437 (perl) total-vm:…`, `Out of memory: Killed process …` */
const killedLine = /out of memory: Killed process (\d+) \(/i;

/** `lines`: with or without the head of a record of /dev/kmsg (`6,1234,5678;text`). A pid is the host's, as Tetragon's is. */
export function kernelOoms(node: string, lines: readonly string[]): OomKill[] {
	return lines.flatMap(line => {
		const pid = Number(killedLine.exec(line)?.[1] ?? '');
		const text = `kernel log: ${line.replace(/^\d+,\d+,\d+,[^;]*;/, '').slice(0, 200)}`;
		return pid > 0 ? [{node, pid, atMs: Number.NaN, text}] : [];
	});
}
