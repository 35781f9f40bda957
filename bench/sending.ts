/** The handle of a sender (sender.ts): starts it, gives it orders, waits for what it reports. */
import {type ChildProcess, fork} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

export type Order =
	/** To the one client of socket 0: `warm` events that do not count, then `count` events. */
	| {readonly type: 'flood'; readonly warm: number; readonly count: number}
	/** To all clients together. */
	| {readonly type: 'rate'; readonly perSecond: number}
	| {readonly type: 'pause'}
	/** Reports what was sent at a rate so far. */
	| {readonly type: 'count'}
	/** Ends the streams with status OK. */
	| {readonly type: 'end'}
	/** Cuts every connection and listens again after that time. */
	| {readonly type: 'restart'; readonly milliseconds: number};

export type Report =
	| {readonly type: 'ready'; readonly length: number}
	| {readonly type: 'subscribed'; readonly index: number}
	| {readonly type: 'warm'}
	/** `counted`: those after the warm-up, to which the time belongs. */
	| {readonly type: 'flooded'; readonly milliseconds: number; readonly sent: number; readonly counted: number}
	| {readonly type: 'counted'; readonly sent: number; readonly skipped: number}
	| {readonly type: 'restarted'}
	| {readonly type: 'failed'; readonly text: string};

export class Sending {
	/** A smaller recording instead of every other: to see quickly that the measuring works. */
	static standIn: string | undefined;
	readonly folder: string;
	readonly #child: ChildProcess;
	readonly #reports: Report[] = [];
	#wake: () => void = () => {};

	private constructor(child: ChildProcess, folder: string) {
		this.#child = child;
		this.folder = folder;
		child.on('message', (report: Report) => {
			this.#reports.push(report);
			this.#wake();
		});
		child.on('exit', code => {
			this.#reports.push({type: 'failed', text: `the sender ended with code ${code}`});
			this.#wake();
		});
	}

	static async start(recording: string, sockets = 1): Promise<Sending> {
		const folder = mkdtempSync(path.join(tmpdir(), 'tetratop-bench-'));
		const child = fork(
			fileURLToPath(new URL('sender.ts', import.meta.url)),
			[folder, Sending.standIn ?? recording, String(sockets)],
			{
				execArgv: ['--import=tsx'],
				stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
			},
		);
		const sending = new Sending(child, folder);
		await sending.wait('ready');
		return sending;
	}

	/** The address of one of its agents, as --server-address takes it. */
	address(index = 0): string {
		return `unix://${path.join(this.folder, String(index))}`;
	}

	order(order: Order): void {
		this.#child.send(order);
	}

	/** The next report of that type; those before it are forgotten. */
	async wait<Type extends Report['type']>(type: Type, milliseconds = 120_000): Promise<Extract<Report, {type: Type}>> {
		const until = performance.now() + milliseconds;
		for (;;) {
			for (let report = this.#reports.shift(); report; report = this.#reports.shift()) {
				if (report.type === type) {
					return report as Extract<Report, {type: Type}>;
				}

				if (report.type === 'failed') {
					throw new Error(report.text);
				}
			}

			if (performance.now() > until) {
				throw new Error(`the sender reported no "${type}" in ${milliseconds} ms`);
			}

			await new Promise<void>(resolve => {
				this.#wake = resolve;
				setTimeout(resolve, 1000);
			});
		}
	}

	/** Events per second, once the client is there. */
	async flood(warm: number, count: number): Promise<number> {
		this.order({type: 'flood', warm, count});
		const {milliseconds, counted} = await this.wait('flooded');
		return (counted / milliseconds) * 1000;
	}

	async stop(): Promise<void> {
		if (this.#child.exitCode === null && this.#child.signalCode === null) {
			const ended = once(this.#child, 'exit');
			this.#child.kill('SIGKILL');
			await ended;
		}

		rmSync(this.folder, {recursive: true, force: true});
	}
}
