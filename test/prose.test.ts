/** Texts that a person reads: plain words, links and paths that lead somewhere, and no document that is not in the repository. */
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {fileURLToPath} from 'node:url';
import {exitCodeWords} from '../source/exit-codes.js';
import {commands, environment, flags, groups} from '../source/options/table.js';
import {fieldWords} from '../source/query/chip.js';
import {commandTable} from '../source/ui/actions/commands.js';
import {bindings} from '../source/ui/keys/key-table.js';
import {killWords} from '../source/ui/widgets/kill-words.js';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Words that a reader of international English does not expect in this sense. CONTRIBUTING.md has the rule. */
const banned =
	/\b(?:told|stands?(?!-)|stood(?! still)|dear|kin|shorn|whosoever|nought|heed|heeds|mend|mends|the world|those who|lies about)\b/i;

const committed: readonly string[] = execFileSync(
	'git',
	['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
	{
		cwd: root,
		encoding: 'utf8',
	},
)
	.split('\0')
	.filter(name => name !== '' && existsSync(path.join(root, name)));

function textOf(name: string): string {
	return readFileSync(path.join(root, name), 'utf8');
}

const pages = committed.filter(name => name.endsWith('.md'));
const sources = committed.filter(name => /^(source|cli\.tsx|bin)\b.*\.(ts|tsx|js)$/.test(name));

/** All texts of the tables that help, docs and screens are made from. */
function tableTexts(): readonly string[] {
	const tables: readonly unknown[] = [
		exitCodeWords,
		commands,
		environment,
		flags,
		groups,
		fieldWords,
		commandTable,
		bindings,
		killWords,
	];
	const texts: string[] = [];
	JSON.stringify(tables, (_key, value: unknown) => {
		if (typeof value === 'string') {
			texts.push(value);
		}

		return value;
	});
	return texts;
}

test('the tables that help and docs are made from have plain words', () => {
	const texts = tableTexts();
	assert.ok(texts.length > 500, 'the tables were not found');
	assert.deepEqual(
		texts.filter(text => banned.test(text)),
		[],
	);
});

/** Without the table of CONTRIBUTING.md that shows how not to write, and without code. */
function proseOf(name: string): string {
	const text = textOf(name).replaceAll(/```[\s\S]*?```/g, '');
	return name === 'CONTRIBUTING.md' ? text.replace(/\| not \| but \|[\s\S]*?\n\n/, '') : text;
}

test('the pages have plain words', () => {
	const wrong = pages.flatMap(name =>
		proseOf(name)
			.split('\n')
			.filter(line => banned.test(line))
			.map(line => `${name}: ${line}`),
	);
	assert.deepEqual(wrong, []);
});

/** String literals with at least two words, which are messages. Comments are taken out first. */
function messagesOf(name: string): readonly string[] {
	const code = textOf(name).replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|[\s;{}(,])\/\/.*$/gm, '');
	return [...code.matchAll(/'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g)]
		.map(([, single, double, template]) => single ?? double ?? template?.replaceAll(/\$\{[^}]*\}/g, '') ?? '')
		.filter(text => /\p{L}+ \p{L}+/u.test(text));
}

test('messages and help texts have plain words', () => {
	const texts = sources.flatMap(name => messagesOf(name).map(text => ({name, text})));
	assert.ok(texts.length > 1000, 'the messages were not found');
	assert.deepEqual(
		texts.filter(({text}) => banned.test(text)).map(({name, text}) => `${name}: ${text}`),
		[],
	);
});

/** The anchors of a page, as GitHub makes them of its headings. */
function anchorsOf(name: string): readonly string[] {
	return [...textOf(name).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
		heading
			.toLowerCase()
			.replaceAll(/[^\p{L}\p{N} _-]/gu, '')
			.replaceAll(' ', '-'),
	);
}

test('every link of a page leads to a file of the repository, and to a heading of it', () => {
	const wrong = pages.flatMap(name =>
		[...proseOf(name).matchAll(/\]\(([^)\s]+)\)/g)]
			.map(([, link = '']) => link)
			.filter(link => !/^[a-z]+:/.test(link))
			.filter(link => {
				const [file = '', anchor] = link.split('#', 2);
				const target = file === '' ? name : path.posix.join(path.posix.dirname(name), file);
				const isThere = committed.some(one => one === target || one.startsWith(`${target.replace(/\/$/, '')}/`));
				return !isThere || (anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).includes(anchor));
			})
			.map(link => `${name}: ${link}`),
	);
	assert.deepEqual(wrong, []);
});

const ownPath =
	/(?<![\w./-])(?:source|test|docs|scripts|patches|bench|demo|proto|packaging|docker|\.github)\/[\w./@+*-]*[\w/]/g;

/** Paths in a text that no file and no folder of the repository has. `…/file.js` may be the import of a `.ts`. */
function missingPaths(text: string): readonly string[] {
	return (
		[...text.matchAll(ownPath)]
			.map(([found]) => found.replace(/\/$/, ''))
			// `source/patched/FILE.ts` and `patches/ink@*-rows.patch` are patterns.
			.filter(found => !/\bFILE\b|\*/.test(found) && !existsSync(path.join(root, found)))
	);
}

test('every path that a page names exists', () => {
	const wrong = pages.flatMap(name => missingPaths(proseOf(name)).map(found => `${name}: ${found}`));
	assert.deepEqual(wrong, []);
});

/** Comments of a file, without their marks. */
function commentsOf(name: string): string {
	return [...textOf(name).matchAll(/\/\*[\s\S]*?\*\/|(?<=^|[\s;{}(,])\/\/.*$/gm)]
		.map(([comment]) => comment)
		.join('\n');
}

test('no comment points to a document or a file that is not in the repository', () => {
	const outside =
		/\b(?:contract, section|design:|docs: the|see the (?:plan|contract|design))|\b(?:shared|reference)\/[\w-]+\.md/;
	const wrong = sources.flatMap(name => {
		const comments = commentsOf(name);
		const pagesNamed = [...comments.matchAll(/[\w./-]+\.md\b/g)]
			.map(([page]) => page)
			.filter(page => !committed.some(one => one === page || one.endsWith(`/${page}`)));
		const found = [...missingPaths(comments), ...pagesNamed, ...(outside.exec(comments) ?? [])];
		return found.map(text => `${name}: ${text}`);
	});
	assert.deepEqual(wrong, []);
});
