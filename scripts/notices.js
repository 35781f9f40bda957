/**
THIRD-PARTY-NOTICES: the licence texts of what a bundle really contains, by esbuild's metafile, and of the runtime of a single
executable. A package of which no text is found is an error: nothing is distributed without its licence.
*/
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const rule = '='.repeat(100);

/** Packages that come without the text of their licence, and the copyright line that their repository has. */
const withoutText = {
	'xz-decompress': 'Authors, by its package.json: Tim Perry, Steven Sanderson.',
	'yoga-layout': 'Copyright (c) Facebook, Inc. and its affiliates.',
};

function isLicence(name) {
	return /^(?:un)?(?:licen[cs]es?|copying|notice)(?:[.-]\w+)*$/i.test(name);
}

/** Of `node_modules/a/node_modules/@b/c/lib/d.js` it is `node_modules/a/node_modules/@b/c`. */
function packageFolder(input) {
	return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
}

async function standardText(name) {
	const {default: licenses} = await import('spdx-license-list/full.js');
	const text = licenses[name]?.licenseText;
	if (text === undefined) {
		throw new Error(`${name} is the name of no licence in the list of SPDX`);
	}

	return text.trim();
}

/** A package may have put others into its own files, with their texts beside these. */
function licenceFiles(folder, inputs) {
	const places = new Set([folder, ...inputs.map(input => path.dirname(input))]);
	return [...places].toSorted().flatMap(place =>
		readdirSync(path.join(root, place), {withFileTypes: true})
			.filter(entry => entry.isFile() && isLicence(entry.name))
			.map(entry => path.join(place, entry.name))
			.toSorted(),
	);
}

async function packageOf(folder, inputs) {
	const {name, version, license, homepage, repository} = JSON.parse(
		readFileSync(path.join(root, folder, 'package.json'), 'utf8'),
	);
	const texts = licenceFiles(folder, inputs).map(file => readFileSync(path.join(root, file), 'utf8').trim());
	if (texts.length === 0 && withoutText[name]) {
		texts.push(`${withoutText[name]}\n\n${await standardText(license)}`);
	}

	if (texts.length === 0) {
		throw new Error(`${folder} has no text of its licence (${license}): name its copyright line in scripts/notices.js`);
	}

	const source = homepage ?? (typeof repository === 'string' ? repository : repository?.url);
	return {name, version, license, source, texts};
}

/**
The packages that have a part in a bundle.
@param {import('esbuild').Metafile} metafile
@returns {Promise<Array<{name: string, version: string, license: string, source?: string, texts: string[]}>>}
*/
export async function bundledPackages(metafile) {
	const contained = new Set(Object.values(metafile.outputs).flatMap(({inputs}) => Object.keys(inputs)));
	const inputs = [...contained].filter(packageFolder);
	const folders = [...new Set(inputs.map(packageFolder))];
	const found = await Promise.all(
		folders.map(async folder =>
			packageOf(
				folder,
				inputs.filter(input => packageFolder(input) === folder),
			),
		),
	);
	return found.toSorted((a, b) => (`${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1));
}

function chapter(title, ...paragraphs) {
	return [rule, title, rule, '', ...paragraphs, ''].join('\n');
}

async function bunNotices() {
	const {load} = await import('js-yaml');
	const bun = load(readFileSync(path.join(root, 'packaging/licenses/bun.yaml'), 'utf8'));
	const linked = bun.linked.map(({name, license, source}) => `- ${name}: ${license}\n  ${source}`);
	const names = new Set([bun, ...bun.linked].flatMap(({license}) => license.split(', ')));
	const texts = await Promise.all(
		[...names].toSorted().map(async name => chapter(`The text of the licence ${name}`, await standardText(name))),
	);
	return [
		chapter(
			`The runtime of this executable is ${bun.runtime} (${bun.license})`,
			`${bun.homepage}\n${bun.copyright}\n\nIt contains:\n`,
			linked.join('\n'),
			`\n${bun.relinking}`,
		),
		...texts,
	];
}

const runtimeNotices = {
	none: async () => [],
	bun: bunNotices,
	// Node's own file has the texts of everything that Node contains.
	node: async runtime => {
		const file = path.join(path.dirname(runtime), '../LICENSE');
		if (!existsSync(file)) {
			throw new Error(`the package of ${runtime} has no LICENSE`);
		}

		return [chapter('The runtime of this executable is Node', readFileSync(file, 'utf8').trim())];
	},
};

/**
@param {import('esbuild').Metafile} metafile
@param {{runtime?: 'none' | 'bun' | 'node', runtimeFile?: string}} executable
*/
export async function noticesOf(metafile, {runtime = 'none', runtimeFile} = {}) {
	const packages = await bundledPackages(metafile);
	const chapters = packages.map(({name, version, license, source, texts}) =>
		chapter(`${name} ${version} (${license})`, ...(source ? [`${source}\n`] : []), texts.join('\n\n')),
	);
	const about = `tetratop contains ${packages.length} packages by others, each under its own licence, which follows here.\n`;
	return [about, ...chapters, ...(await runtimeNotices[runtime](runtimeFile))].join('\n');
}
