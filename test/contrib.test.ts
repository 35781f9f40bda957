/** What contrib/ holds for other programs, tried with them where the machine has them. */
import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type TestContext} from 'node:test';
import {fileURLToPath} from 'node:url';
import {gunzipSync} from 'node:zlib';
import {load} from 'js-yaml';
import {loadOptions} from '../source/options/load.js';

const contrib = fileURLToPath(new URL('../contrib', import.meta.url));
const recording = new URL('../demo/recordings/file-enforce/events.jsonl.gz', import.meta.url);

function isMissing(program: string): string | false {
	return spawnSync(program, [program === 'tmux' ? '-V' : '--version']).error ? `no ${program} here` : false;
}

function withLines(t: TestContext): {readonly folder: string; readonly file: string} {
	const folder = mkdtempSync(path.join(tmpdir(), 'tetratop-contrib-'));
	t.after(() => rmSync(folder, {recursive: true, force: true}));
	const file = path.join(folder, 'tetragon.log');
	writeFileSync(file, gunzipSync(readFileSync(recording)));
	return {folder, file};
}

test('jq: kills.jq prints the three kills of the recording, execs-by-pod.jq counts', {skip: isMissing('jq')}, t => {
	const {file} = withLines(t);
	const kills = execFileSync('jq', ['-r', '-f', path.join(contrib, 'jq/kills.jq'), file], {encoding: 'utf8'});
	const rows = kills
		.trimEnd()
		.split('\n')
		.map(line => line.split('\t'));
	assert.deepEqual(
		rows.map(([action, policy, pod, binary]) => [action, policy, pod, binary]),
		[
			['SIGKILL', 'file-monitoring-filtered', 'default/xwing', '/usr/bin/cat'],
			['SIGKILL', 'file-monitoring-filtered', 'default/xwing', '/usr/bin/bash'],
			['SIGKILL', 'file-monitoring-filtered', 'default/tiefighter', '/usr/bin/head'],
		],
	);
	const counts = execFileSync('jq', ['-n', '-r', '-f', path.join(contrib, 'jq/execs-by-pod.jq'), file], {
		encoding: 'utf8',
	});
	assert.match(counts, /^4\tdefault\txwing\t\/usr\/bin\/cat$/m);
});

test('lnav: the format is taken, rows show the process, and SQL finds the kills', {skip: isMissing('lnav')}, t => {
	const {folder, file} = withLines(t);
	const environment = {...process.env, HOME: folder, TERM: 'xterm'};
	execFileSync('lnav', ['-i', path.join(contrib, 'lnav/tetragon.json')], {env: environment});
	const query = ';select count(*) as kills from tetragon_log where "process_kprobe/action" like "%SIGKILL"';
	assert.match(
		execFileSync('lnav', ['-n', '-c', query, file], {env: environment, encoding: 'utf8'}),
		/kills\s*\n\s*3\b/,
	);
	const rows = execFileSync('lnav', ['-n', file], {env: environment, encoding: 'utf8'});
	assert.match(rows, /minikube exec \/usr\/bin\/cat \/etc\/shadow {2}in xwing/);
});

test('tmux: the line binds a key that opens a popup', {skip: isMissing('tmux')}, t => {
	const socket = `tetratop-contrib-${process.pid}`;
	const file = path.join(contrib, 'tmux/tetratop.conf');
	t.after(() => spawnSync('tmux', ['-L', socket, 'kill-server']));
	const words = [
		'-L',
		socket,
		'-f',
		'/dev/null',
		'new-session',
		'-d',
		';',
		'source-file',
		file,
		';',
		'list-keys',
		'-T',
		'prefix',
	];
	assert.match(execFileSync('tmux', words, {encoding: 'utf8'}), /\bT\s+display-popup -E .*tetratop/);
});

test('k9s: every command line of the plugin is one that tetratop takes', async () => {
	type Plugin = {
		readonly command: string;
		readonly args: readonly string[];
		readonly scopes: readonly string[];
		readonly shortCut: string;
	};
	const {plugins} = load(readFileSync(path.join(contrib, 'k9s/plugins.yaml'), 'utf8')) as {
		plugins: Record<string, Plugin>;
	};
	const values: Record<string, string> = {
		CONTEXT: 'kind',
		NAMESPACE: 'default',
		NAME: 'xwing',
		RESOURCE_NAME: 'deployments',
	};
	for (const {command, args, scopes, shortCut} of Object.values(plugins)) {
		assert.deepEqual([command, shortCut, scopes.length > 0], ['tetratop', 'Shift-T', true]);
		const words = args.map(word => word.replaceAll(/\$(\w+)/g, (_, name: string) => values[name] ?? assert.fail(name)));
		const {error} = await loadOptions(words, {}, 'tetratop');
		assert.equal(error, undefined, words.join(' '));
	}
});
