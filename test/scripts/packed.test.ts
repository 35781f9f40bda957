import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import test from 'node:test';
import {fileURLToPath} from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

type Manifest = {
	readonly dependencies?: object;
	readonly scripts: Readonly<Record<string, string>>;
	readonly bin: Readonly<Record<string, string>>;
};
const manifest = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as Manifest;

/** Each file of the npm package, and why it is there. */
const reasons: ReadonlyArray<readonly [RegExp, string]> = [
	[/^package\.json$/, 'npm'],
	[/^README\.md$/, 'the page of the registry'],
	[/^(LICENSE|NOTICE|dist\/THIRD-PARTY-NOTICES)$/, 'tetratop licenses'],
	[/^bin\/[\w-]+\.js$/, 'the commands'],
	[/^dist\/[\w-]+\.js$/, 'the bundle'],
	[/^demo\/recordings\/(file-enforce|fork-storm|realistic-mix)\/events\.bin\.gz$/, 'tetratop demo'],
	[/^demo\/recordings\/rpc\/Get(Debug|Health|Info|Version)\.bin$/, 'tetratop demo'],
	[/^docs\/man\/tetratop\.1$/, 'man tetratop'],
];

test('the npm package has no dependencies, no install scripts, and no file without a reason', () => {
	assert.equal(manifest.dependencies, undefined);
	assert.deepEqual(
		Object.keys(manifest.scripts).filter(name => /install$/.test(name)),
		[],
	);
	const printed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
		cwd: root,
		encoding: 'utf8',
		env: {...process.env, npm_config_loglevel: 'silent'},
	});
	const [{files}] = JSON.parse(printed.slice(printed.indexOf('['))) as [{files: ReadonlyArray<{path: string}>}];
	const names = files.map(file => file.path);
	assert.deepEqual(
		names.filter(name => !reasons.some(([pattern]) => pattern.test(name))),
		[],
	);
	for (const [pattern, reason] of reasons) {
		assert.ok(
			names.some(name => pattern.test(name)),
			reason,
		);
	}

	for (const file of Object.values(manifest.bin)) {
		assert.ok(names.includes(file), file);
	}
});
