// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the braces are the shell's
/**
The agent's export file, read by exec in the agent's pod with programs that every image has: sh, cat, grep, tail. The agent's
container mounts the folder of the export and the agent's configuration, so no right beside pods/exec is needed.
*/
import {randomBytes} from 'node:crypto';
import {Refusal} from '../../problem.js';
import type {NodePast, PastSpan, PastTexts} from '../../tetragon/agent/node-past.js';
import {filesFor, partsOf} from '../../tetragon/past/export-files.js';
import {leftOutOf, type Settings, settingKeys} from '../../tetragon/past/export-settings.js';
import {pastEvents} from '../../tetragon/past/past-lines.js';
import type {AgentPod} from '../agents/select.js';
import type {PodRunner, PodStream} from '../transport/pod-stream.js';

/** One file for each key of the agent's ConfigMap. */
export const configFolder = '/etc/tetragon/tetragon.conf.d';
/** Where the chart puts the export: to v1.7, and from v1.8. */
export const usualFiles: readonly string[] = [
	'/var/run/cilium/tetragon/tetragon.log',
	'/var/log/tetragon/tetragon.log',
];

/** Milliseconds for the list of the files. */
const listMs = 15_000;

/** Arguments: the folder of the configuration; the file, if it is known; the usual files. Prints `=key` and the value, then `=files`. */
export const listScript = [
	'd=$1; file=$2; shift 2',
	`for k in ${settingKeys.join(' ')}; do if [ -r "$d/$k" ]; then printf '\\n=%s\\n' "$k"; cat "$d/$k"; fi; done`,
	'if [ -z "$file" ]; then if [ -r "$d/export-filename" ]; then file=$(cat "$d/export-filename"); else',
	'for f in "$@"; do if [ -f "$f" ]; then file=$f; fi; done; fi; fi',
	'printf \'\\n=file\\n%s\\n=files\\n\' "$file"',
	'[ -n "$file" ] || exit 0',
	'case ${file##*/} in *.*) s=${file%.*};; *) s=$file;; esac',
	'for f in "$file" "$s"-*; do if [ -f "$f" ]; then printf \'%s\\n\' "$f"; fi; done',
].join('\n');

/**
Arguments: the living file, what its name begins with, the bounds of the range (see filesFor), the bytes for tail, the texts.
The living file is opened before the others are listed: a rename in between loses nothing, and what was renamed is read once. Nothing
stays: the runtime does not end a command whose client goes, so the last program of the pipe is killed at the end of stdin.
*/
export const readScript = [
	'live=$1 stem=$2 skip=$3 end=$4 most=$5; shift 5',
	'exec 4<&0',
	'read_all() {',
	'exec 3<"$live"',
	'on=1; if [ -n "$skip" ] && [ -e "$skip" ]; then on=; fi',
	'for f in "$stem"-*; do',
	'if [ -n "$end" ] && [ "$f" = "$end" ]; then return 0; fi',
	'if [ -n "$on" ] && [ -f "$f" ] && ! [ "$f" -ef /dev/fd/3 ]; then',
	'case $f in *.gz) if ! [ -e "${f%.gz}" ]; then zcat <"$f"; fi;; *) cat "$f";; esac; fi',
	'if [ "$f" = "$skip" ]; then on=1; fi',
	'done',
	'if [ -z "$end" ]; then cat <&3; fi',
	'}',
	'pick() { if [ $# -eq 0 ]; then exec cat; else p=; for t in "$@"; do p="$p$t',
	'"; done; exec grep -F -e "${p%?}"; fi; }',
	'{ read_all | pick "$@" | exec tail -c "$most"; } 2>/dev/null 4<&- </dev/null & p=$!',
	'(while read -r _; do :; done; kill -9 $p) <&4 4<&- >/dev/null 2>&1 & c=$!',
	'exec 4<&-',
	'wait $p',
	'kill -9 $c 2>/dev/null',
	'exit 0',
].join('\n');

type Listed = {readonly file: string; readonly rotated: readonly string[]; readonly settings: Settings};

/**
Rejects with a Refusal when the commands cannot be run, or there is no file.
@param settings of the ConfigMap, asked for when the pod does not show its configuration.
*/
export async function execPast(
	runner: PodRunner,
	{node}: Pick<AgentPod, 'node'>,
	settings: () => Promise<Settings | undefined>,
	signal: AbortSignal,
): Promise<NodePast> {
	const listed = await list(runner, '', signal);
	const known = listed.settings.size > 0 ? listed.settings : ((await settings()) ?? listed.settings);
	const named = known.get('export-filename')?.trim();
	if (named === '') {
		throw new ExportIsOff(node);
	}

	const found = named === undefined || named === listed.file ? listed : await list(runner, named, signal);
	const {file, rotated} = found;
	if (file === '' || (rotated.length === 0 && !found.isThere)) {
		throw named === undefined
			? new Refusal(`no past on ${node}`, 'no export file was found', 'see export.mode of the Helm chart', false)
			: new Refusal(
					`no past on ${node}`,
					`${named} is not there`,
					'check export.mode and exportFilename of the Helm chart',
					false,
				);
	}

	return {
		words: 'export file',
		leftOut: leftOutOf(known),
		open: (span, texts, abort) => read(runner, {file, rotated}, span, texts, abort),
	};
}

/** The agent's configuration says so: no other place has its events either. */
export class ExportIsOff extends Refusal {
	constructor(node: string) {
		super(`no past on ${node}`, 'export is off (helm export.mode)', 'set export.mode=stdout in the Helm chart', false);
	}
}

async function list(
	runner: PodRunner,
	file: string,
	signal: AbortSignal,
): Promise<Listed & {readonly isThere: boolean}> {
	const command = ['sh', '-c', listScript, ownName(), configFolder, file, ...(file === '' ? usualFiles : [])];
	const output = await runner.once(command, AbortSignal.any([signal, AbortSignal.timeout(listMs)]));
	const parts = new Map(
		output
			.toString()
			.split(/^=/m)
			.slice(1)
			.map(part => {
				const end = part.indexOf('\n');
				return [part.slice(0, end), part.slice(end + 1).trim()] as const;
			}),
	);
	const [living = '', files = ''] = [parts.get('file'), parts.get('files')];
	parts.delete('file');
	parts.delete('files');
	const all = files.split('\n').filter(name => name !== '');
	return {
		file: living,
		rotated: all.filter(name => name !== living),
		isThere: all.includes(living),
		settings: parts,
	};
}

async function* read(
	runner: PodRunner,
	{file, rotated}: Pick<Listed, 'file' | 'rotated'>,
	span: PastSpan,
	texts: PastTexts,
	signal: AbortSignal,
) {
	const {skip, end} = filesFor(rotated, span);
	const most = Number.isFinite(span.mostBytes) ? String(span.mostBytes) : '+1';
	const command = ['sh', '-c', readScript, ownName(), file, partsOf(file).stem, skip, end, most, ...texts];
	const stream = await runner.start(command, signal);
	yield* pastEvents(bytesOf(stream, signal), span);
}

/** Destroys the stream in any case: the command sees the end of its stdin and ends. */
async function* bytesOf(stream: PodStream, signal: AbortSignal): AsyncGenerator<Buffer> {
	function stop() {
		stream.destroy();
	}

	signal.addEventListener('abort', stop, {once: true});
	stream.on('error', () => undefined);
	try {
		for await (const chunk of stream) {
			yield chunk as Buffer;
		}
	} catch (error) {
		signal.throwIfAborted();
		throw new Error(stream.reason ?? (error as Error).message);
	} finally {
		signal.removeEventListener('abort', stop);
		stream.destroy();
	}

	signal.throwIfAborted();
}

/** $0 is unique, so that OwnExecs finds the process among the agent's events. */
function ownName(): string {
	return `tetratop-${randomBytes(4).toString('hex')}`;
}
