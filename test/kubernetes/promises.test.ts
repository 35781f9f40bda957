/** docs/kubernetes.md promises nothing without a test: its table names one for each promise. */
import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import test from 'node:test';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/kubernetes.md', root), 'utf8');
const rows = (page.split('## Each promise and its test')[1] ?? '')
	.split('\n')
	.filter(line => line.startsWith('| ') && !line.startsWith('| section'))
	.map(line => line.split(' | ').map(cell => cell.replace(/^\| | \|$/g, '')));

test('each promise of docs/kubernetes.md has a test of the name that its table says', () => {
	const texts = readdirSync(new URL('test/', root), {recursive: true, encoding: 'utf8'})
		.filter(file => file.endsWith('.test.ts'))
		.map(file => readFileSync(new URL(`test/${file}`, root), 'utf8'))
		.join('\n');
	const names = [...texts.matchAll(/^\s*test\(\s*(['"`])(.+?)\1,/gm)].map(([, , name = '']) => name);
	assert.ok(rows.length > 40);
	for (const [section, promise, name = ''] of rows) {
		assert.ok(
			name.length > 15 && names.some(each => each.startsWith(name)),
			`${section}: ${promise}: there is no test ${name}`,
		);
	}
});

test('each section of docs/kubernetes.md that makes promises is in its table', () => {
	const sections = [...(page.split('# For developers')[0] ?? '').matchAll(/^## (.+)$/gm)].map(([, title]) => title);
	const listed = new Set(rows.map(([section]) => section));
	assert.deepEqual(
		sections.filter(title => !listed.has(title ?? '')),
		[],
	);
	assert.deepEqual(
		[...listed].filter(title => !sections.includes(title)),
		[],
	);
});
