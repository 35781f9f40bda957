import assert from 'node:assert/strict';
import {mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'node:test';
import {gunzipSync} from 'node:zlib';
import {TestAgent} from '../agent/agent.js';
import {Authority} from '../agent/certificates.js';
import {compactTextOf, framesOf, jsonLinesOf} from '../tetragon/recorded.js';
import {coloursIn, copiesIn, firstForeign, titlesIn} from './bytes.js';
import {buildFrame, hostile} from './hostile.js';
import {addressOf, openProgram, openShell, runProgram, still} from './program.js';
import {temporaryFolder} from './temporary.js';

const folder = temporaryFolder();
const esc = '\u001B';

for (const tcp of [false, true]) {
	test(`on ${tcp ? 'loopback' : 'a unix socket'} it streams, survives the agent's restart, and draws the gap with its times`, async () => {
		await using agent = await TestAgent.start({tcp});
		const pty = openProgram(['--server-address', addressOf(agent)], {columns: 120, rows: 40});
		try {
			await pty.waitFor(/nodes 1\/1/);
			agent.send(framesOf('uprobe'));
			await pty.waitFor(/52 of 52 shown/);
			await agent.kill();
			await pty.waitFor(/nodes 0\/1/);
			await pty.waitFor(/▲ (cannot reach the agent|.*(ended|gone))/);
			await agent.listen();
			await pty.waitFor(/nodes 1\/1/);
			agent.send(framesOf('lsm').slice(0, 5));
			await pty.waitFor(/57 of 57 shown/);
			await pty.waitFor(/─ gap: minikube \d\d:\d\d:\d\d – \d\d:\d\d:\d\d, its events are not here/);
			assert.equal(agent.requests.length, 2);
		} finally {
			await pty.close();
		}
	});
}

test('what cannot be reached is a line on the screen that says why, and the program stays', async () => {
	const authority = new Authority('nobody');
	const ca = path.join(folder, 'ca.pem');
	writeFileSync(ca, authority.certificate);
	await using plain = await TestAgent.start({tcp: true});

	function refuse(): never {
		throw new Error("error compiling CEL expression: ERROR: <input>:1:1: undeclared reference to 'nonsense'");
	}

	await using refusing = await TestAgent.start({answers: {GetEvents: refuse}});
	const cases: ReadonlyArray<readonly [string[], RegExp]> = [
		[['--server-address', `unix://${folder}/none.sock`], /none\.sock.*no such|there is no/i],
		[['--server-address', addressOf(plain), '--tls-ca-cert-files', ca], /TLS/],
		[['--server-address', addressOf(refusing), '--cel-expression', 'nonsense'], /rejects the filter.*nonsense/],
	];
	await Promise.all(
		cases.map(async ([words, wanted]) => {
			const pty = openProgram(words, {columns: 200, rows: 40});
			try {
				await pty.waitFor(wanted);
				await still(pty);
				assert.equal(pty.isAlternate(), true);
				pty.write('q');
				assert.equal((await pty.exited).exitCode, 0);
			} finally {
				await pty.close();
			}
		}),
	);
});

test('a wrong configuration is a line on the screen; a wrong pattern of the command line ends before there is one', async () => {
	const config = path.join(folder, 'config.yaml');
	writeFileSync(config, 'theme: rainbow\n');
	await using agent = await TestAgent.start({frames: framesOf('uprobe')});
	const pty = openProgram(['--config', config, '--server-address', addressOf(agent)], {columns: 160});
	try {
		await pty.waitFor(/theme.*rainbow/);
		await pty.waitFor(/52 of 52 shown/);
	} finally {
		await pty.close();
	}

	const wrong = openProgram(['--server-address', addressOf(agent), '--pod', '['], {columns: 160});
	try {
		assert.equal((await wrong.exited).exitCode, 2);
		await wrong.settle();
		assert.match(wrong.text(), /^tetratop: --pod "\[" is not a regular expression: missing closing \]/);
		assert.equal(wrong.mode(1049), undefined);
	} finally {
		await wrong.close();
	}
});

test('R writes everything, also what a filter hides, and the file replays to the same lines', async () => {
	await using agent = await TestAgent.start();
	const pty = openProgram(['--server-address', addressOf(agent), '--pod', 'nothing-has-this-name'], {
		columns: 140,
		rows: 30,
		folder,
	});
	try {
		await pty.waitFor(/nodes 1\/1/);
		const file = path.join(folder, 'all.jsonl.gz');
		pty.write(`:rec ${file}\r`);
		await pty.waitFor(/recording to/);
		agent.send(framesOf('realistic-mix').slice(0, 400));
		await pty.waitFor(/rec ●.*400|400 ev.*rec/);
		pty.write('R');
		await pty.waitFor(/recorded 400 events to/);
		const {stdout, code} = await runProgram(['replay', file, '-o', 'compact']);
		assert.equal(code, 0);
		assert.equal(
			stdout,
			`${compactTextOf('realistic-mix')
				.split('\n')
				.slice(0, stdout.split('\n').length - 1)
				.join('\n')}\n`,
		);
		const written = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n');
		// Beside the events: the header, and what the policies were.
		assert.equal(written.filter(line => !line.startsWith('{"tetratop"') && !line.includes('"tetratop":{')).length, 400);

		// A name of its own, in the state folder of the user; then what cannot be written.
		pty.write('R');
		await pty.waitFor(/recording to \/.*\/state\/tetratop\/tetratop-/);
		pty.write('R');
		await pty.waitFor(/recorded 0 events to \/.*\/state\/tetratop\/tetratop-/);
		for (const [bad, why] of [
			['/dev/full', /file is there already|disk is full/],
			[path.join(folder, 'no/such/folder.jsonl'), /there is no such file/],
		] as const) {
			pty.write(`:rec ${bad}\r`);
			agent.send(framesOf('uprobe'));
			await pty.waitFor(why);
		}

		assert.equal(pty.isAlternate(), true);
	} finally {
		await pty.close();
	}
});

test('Ctrl-s saves what is shown as text, CSV or JSON lines by the name of the file, and never over another', async () => {
	await using agent = await TestAgent.start({frames: framesOf('uprobe')});
	const pty = openProgram(['--server-address', addressOf(agent)], {columns: 140, rows: 30});
	try {
		await pty.waitFor(/52 of 52 shown/);
		const [text, csv, json] = ['view.txt', 'view.csv', 'view.jsonl'].map(name => path.join(folder, name)) as [
			string,
			string,
			string,
		];
		for (const file of [text, csv, json]) {
			pty.write('\u0013');
			await pty.waitFor(/:save /);
			pty.write(`${file}\r`);
			await pty.waitFor(new RegExp(`saved \\d+ lines to .*${path.basename(file)}`));
		}

		assert.deepEqual(
			readFileSync(json, 'utf8')
				.trimEnd()
				.split('\n')
				// At the head are the policies of the node, as in a recording.
				.filter(line => !line.includes('"tetratop":'))
				.map(line => JSON.parse(line) as unknown),
			jsonLinesOf('uprobe').map(line => JSON.parse(line) as unknown),
		);
		const rows = readFileSync(csv, 'utf8').trimEnd().split('\n');
		assert.match(rows[0] ?? '', /^time,node,namespace,pod,/);
		assert.equal(rows.length, 53);
		const words = readFileSync(text, 'utf8');
		assert.match(words, /\/usr\/bin\/bash .*parse_and_execute|parse_and_execute/);
		assert.doesNotMatch(words, /%20|%2F/);
		pty.write(`:save ${csv}\r`);
		await pty.waitFor(/not saved: .*exists/);
	} finally {
		await pty.close();
	}
});

test('nothing of an event is obeyed by the terminal, live or replayed', async () => {
	const frame = buildFrame();
	await using agent = await TestAgent.start({frames: Array.from({length: 3}, () => frame)});
	const file = path.join(folder, 'hostile.jsonl');
	writeFileSync(
		file,
		`${JSON.stringify({process_exec: {process: hostile.process}, node_name: hostile.node, time: new Date().toISOString()})}\n`.repeat(
			3,
		),
	);
	for (const words of [
		['--server-address', addressOf(agent)],
		['replay', file, '--speed', 'max'],
	]) {
		const pty = openProgram(words, {columns: 160, rows: 45});
		try {
			await pty.waitFor(/3 of 3 shown/);
			for (const keys of [
				'2',
				'k',
				'\r',
				'y',
				'\t',
				'1',
				'j',
				'j',
				'j',
				'\r',
				'4',
				'5',
				'[',
				'/ow',
				esc,
				'C',
				esc,
				'f',
				'w',
				'i',
				'L',
				'\r',
				'c',
			]) {
				pty.write(keys);
				await still(pty);
			}

			const raw = pty.raw();
			assert.ok(raw.includes('pwned'), 'it was on the screen');
			for (const sequence of hostile.sequences) {
				assert.ok(!raw.includes(sequence), JSON.stringify(sequence));
			}

			// Titles are ours alone.
			assert.ok(titlesIn(raw).every(title => /^(tetratop.*)?$/.test(title)));
			assert.ok(copiesIn(raw).every(text => !text.includes('\u001B')));
		} finally {
			await pty.close();
		}
	}
});

test('a screen that shrinks says so in one line, 40x10 works, and growing brings all back; suspend and quit give the terminal back', async () => {
	await using agent = await TestAgent.start({frames: framesOf('tutorial-exec')});
	const pty = openShell(
		`set -m; tetratop --server-address '${addressOf(agent)}'; echo "suspended $?"; sleep 0.2; fg; echo "ended $?"; stty -a | tr ' ;' '\\n\\n' | grep -x -e icanon -e echo | tr '\\n' ' '; echo done; sleep 0.2`,
		{columns: 120, rows: 40},
	);
	try {
		await pty.waitFor(/56 of 56 shown/);
		pty.resize(38, 9);
		await pty.waitFor(text => /^tetratop: 38x9 is too small/.test(text) && text.trim().split('\n').length === 1);
		pty.resize(40, 10);
		await pty.waitFor(/\d\d:\d\d:\d\d.*\n.*\d\d:\d\d:\d\d/);
		pty.write('1');
		await pty.waitFor(/PROC/);
		pty.write('3');
		await pty.waitFor(/KILLS/);
		pty.write('2k');
		await still(pty);
		for (const [columns, rows] of [
			[200, 60],
			[81, 24],
			[60, 50],
			[120, 40],
		] as const) {
			pty.resize(columns, rows);
			await still(pty);
			// Each part once and in its place. The emulator keeps what stood beyond a new right edge.
			const shown = pty.screen().map(row => row.slice(0, columns));
			assert.match(shown[0] ?? '', /nodes 1\/1/);
			assert.equal(shown.filter(row => /^ ?\? help/.test(row)).length, 1);
			assert.match(shown[rows - 1] ?? '', /^ ?\? help/);
		}

		await pty.waitFor(/1 Processes.*2 Events/s);
		pty.write('\u001A');
		await pty.waitFor(/suspended \d+/);
		assert.equal(pty.isAlternate(), false);
		await pty.waitFor(/1 Processes.*2 Events/s);
		assert.equal(pty.isAlternate(), true);
		pty.write('Q');
		await pty.waitFor(/ended 0/);
		await pty.waitFor(/done/);
		assert.match(pty.text(), /icanon echo done/);
		assert.equal(pty.isAlternate(), false);
		assert.notEqual(pty.mode(25), false);
		assert.notEqual(pty.mode(2004), true);
	} finally {
		await pty.close();
	}
});

test('without colours there are none, with --ascii, TERM=linux or LANG=C there is only ASCII', async () => {
	await using agent = await TestAgent.start({frames: framesOf('tutorial-exec')});
	const words = ['--server-address', addressOf(agent)];
	const cases: ReadonlyArray<readonly [string[], Record<string, string>, boolean, boolean]> = [
		[[], {NO_COLOR: '1'}, true, false],
		[['--color', 'never'], {}, true, false],
		[['--ascii'], {}, false, true],
		[[], {TERM: 'linux'}, false, true],
		[[], {LANG: 'C'}, false, true],
	];
	for (const [flags, environment, isColorless, isAscii] of cases) {
		const pty = openProgram([...words, ...flags], {environment, columns: 120, rows: 40});
		try {
			await pty.waitFor(/56 of 56 shown/);
			for (const keys of ['e', '4', '5', '?', esc, '/xw', esc]) {
				pty.write(keys);
				await still(pty);
			}

			const said = JSON.stringify([flags, environment]);
			assert.equal(coloursIn(pty.raw()).length === 0, isColorless, said);
			assert.equal(
				firstForeign(pty.raw()) === undefined,
				isAscii,
				`${said} ${JSON.stringify(firstForeign(pty.raw()))}`,
			);
		} finally {
			await pty.close();
		}
	}
});

test('a demo that was killed leaves its sockets behind only until the next start', async () => {
	const parent = mkdtempSync(path.join(tmpdir(), 'tetratop-runtime-'));
	const environment = {XDG_RUNTIME_DIR: parent};

	function sockets(): string[] {
		return readdirSync(parent).filter(name => name.startsWith('tetratop-demo-'));
	}

	const first = openProgram(['demo'], {environment});
	const second = openProgram(['demo'], {environment});
	try {
		await first.waitFor(/nodes 3\/3/);
		await second.waitFor(/nodes 3\/3/);
		assert.equal(sockets().length, 2);
		process.kill(first.pid, 'SIGKILL');
		await first.exited;
		assert.equal(sockets().length, 2);
		// Younger ones may be those of a demo that is just starting.
		for (const name of sockets()) {
			utimesSync(path.join(parent, name), new Date(0), new Date(0));
		}

		const third = openProgram(['demo'], {environment});
		try {
			await third.waitFor(/nodes 3\/3/);
			// The second still runs: its sockets are not touched.
			for (const until = performance.now() + 5000; sockets().length > 2 && performance.now() < until; ) {
				await still(third);
			}

			assert.equal(sockets().length, 2);
			third.write('Q');
			await third.exited;
			assert.equal(sockets().length, 1);
		} finally {
			await third.close();
		}

		second.write('Q');
		await second.exited;
		assert.deepEqual(sockets(), []);
	} finally {
		await first.close();
		await second.close();
		rmSync(parent, {recursive: true, force: true});
	}
});
