import assert from 'node:assert/strict';
import test from 'node:test';
import {openProgram, rowsWith, still} from './program.js';

const otherPods = /tiefighter|deathst|nightly|coredns|\(host\)/;

/** The fastest of some starts: the others share their core with other tests. */
for (const [columns, rows] of [
	[80, 24],
	[120, 40],
	[200, 60],
] as const) {
	test(`at ${columns}x${rows} e shows policy, file and parents of the kill, / narrows all panes to a pod, Esc brings all back`, async () => {
		const pty = openProgram(['demo'], {columns, rows});
		try {
			await pty.waitFor(/KILLED/);
			await pty.waitFor(text => otherPods.test(text) && /deathst/.test(text));
			pty.write('e');
			await pty.waitFor(/KILLED by policy file-monitoring-filtered/);
			await pty.waitFor(/security_file_permission → \/etc\/shadow/);
			await pty.waitFor(/cat ← bash ← runc ←/);
			// The tree, where it has room beside the detail, stands on the process.
			if (columns >= 100) {
				await pty.waitFor(() => rowsWith(pty, /▸.*cat \/etc\/shadow.*✖ KILLED/).length === 1);
			}

			pty.write('\u001B');
			if (columns < 160) {
				await pty.waitFor(text => !text.includes('KILLED by policy'));
			} else {
				// With the next key in one chunk it would be Alt and that key.
				await still(pty);
			}

			for (const key of ['/', 'x', 'w', 'i']) {
				pty.write(key);
			}

			await pty.waitFor(/^.*default\/xwing.*worker-1.*kill/m);
			pty.write('\r');
			await pty.waitFor(text => /xwi ✕/.test(text) && !otherPods.test(text));
			await still(pty);
			const narrowed = pty.text();
			assert.doesNotMatch(narrowed, otherPods);
			// Tree, feed and kills, each with a line of it; a slow machine is at a later scene of the demo.
			assert.match(narrowed, /▾ xwing|cat \/etc\/shadow +✖ KILLED/);
			assert.match(narrowed, /\d\d:\d\d:\d\d\.\d{3} worker-1 +(default\/)?xwing/);
			assert.match(narrowed, /KILLED +\d+ default\/xwing/);
			pty.write('\u001B');
			await pty.waitFor(text => !/xwi ✕/.test(text) && otherPods.test(text));
			pty.write('q');
			assert.deepEqual(await pty.exited, {exitCode: 0, signal: undefined});
		} finally {
			await pty.close();
		}
	});
}
