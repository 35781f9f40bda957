/**
The fields of the filter language, one row a field: the parser, the help and the completion of the prompt read
this table.
*/
import {killFilters} from '../store/enforcement-states.js';

/** How the values of a field are compared: what `:` means, and whether < and > are understood. */
export type ValueKind =
	/** `:` is fuzzy. */
	| 'name'
	/** `:` finds a part of the value. */
	| 'part'
	| 'number'
	/** A number that has names: `ret:EACCES`, `ret:<0`. */
	| 'named-number'
	/** An address, a part of it, or a network in CIDR. */
	| 'address'
	| 'time'
	/** Words of its own. */
	| 'special';

type FieldRow = {
	readonly name: string;
	/** Longer names that are understood as well. */
	readonly aliases: readonly string[];
	readonly help: string;
	readonly kind: ValueKind;
	/** All values that there are, for the completion. */
	readonly values?: readonly string[];
	/** It is read from the decoded event, not from its process or the columns of the buffer. */
	readonly ofEvent?: true;
};

export const fieldTable = [
	{name: 'pod', aliases: [], help: 'pod name; namespace/pod when it has a slash', kind: 'name'},
	{name: 'ns', aliases: ['namespace', 'n'], help: 'namespace; ns="" is the host', kind: 'name'},
	{name: 'node', aliases: [], help: 'node name', kind: 'name'},
	{name: 'bin', aliases: ['binary', 'process'], help: 'binary, its path or its last part', kind: 'name'},
	{name: 'arg', aliases: ['args', 'arguments'], help: 'arguments', kind: 'name'},
	{name: 'pol', aliases: ['policy'], help: 'policy name', kind: 'name'},
	{name: 'ev', aliases: ['event'], help: 'event: exec, exit, kprobe, kill, or a function name', kind: 'special'},
	{
		name: 'kill',
		aliases: ['state'],
		help: `state of an enforcement: ${killFilters.join(', ')}`,
		kind: 'special',
		values: killFilters,
	},
	{name: 'w', aliases: ['workload'], help: 'workload; kind/name when it has a slash', kind: 'name'},
	{name: 'c', aliases: ['container'], help: 'container name', kind: 'name'},
	{name: 'l', aliases: ['label'], help: 'pod label: l:app=api, or l:app where any value will do', kind: 'special'},
	{name: 'pid', aliases: [], help: 'host pid: pid:4121, pid:>1000', kind: 'number'},
	{name: 'uid', aliases: [], help: 'effective user id: uid:0, uid:>=1000', kind: 'number'},
	{
		name: 't',
		aliases: ['time'],
		help: 'time: t:12:03-12:05, t:-5m for the last five minutes, t:>2026-11-28T12:04',
		kind: 'time',
	},
	{name: 'file', aliases: ['path'], help: 'path of the object: file:shadow', kind: 'part', ofEvent: true},
	{name: 'dst', aliases: ['daddr'], help: 'address it connects to: dst:10.0.0.0/8', kind: 'address', ofEvent: true},
	{name: 'src', aliases: ['saddr'], help: 'address it comes from, also in CIDR', kind: 'address', ofEvent: true},
	{name: 'port', aliases: [], help: 'port of either end: port:443, port:>1024', kind: 'number', ofEvent: true},
	{name: 'msg', aliases: ['message'], help: 'message of the policy', kind: 'part', ofEvent: true},
	{name: 'tag', aliases: ['tags'], help: 'tag of the policy', kind: 'part', ofEvent: true},
	{name: 'parent', aliases: [], help: 'binary of the parent process', kind: 'part'},
	{name: 'anc', aliases: ['ancestor'], help: 'binary of any ancestor', kind: 'part'},
	{name: 'sig', aliases: ['signal'], help: 'signal that ended it: sig:SIGKILL, sig:kill', kind: 'part', ofEvent: true},
	{
		name: 'ret',
		aliases: ['return'],
		help: 'value that a call returned: ret:EACCES, ret:-13, ret:<0',
		kind: 'named-number',
		ofEvent: true,
	},
	{name: 'user', aliases: [], help: 'name of the user', kind: 'part', ofEvent: true},
	{name: 'img', aliases: ['image'], help: 'container image', kind: 'part'},
	{name: 'cid', aliases: [], help: 'container id', kind: 'part'},
	{name: 'fn', aliases: ['function'], help: 'function or hook of the event', kind: 'part'},
	{
		name: 'exec',
		aliases: [],
		help: 'came in by kubectl exec, a probe or nsenter: yes or no',
		kind: 'special',
		values: ['yes', 'no'],
	},
	{
		name: 'text',
		aliases: [],
		help: 'anything that the row or its detail says; short: "words',
		kind: 'part',
		ofEvent: true,
	},
] as const satisfies readonly FieldRow[];

export type Field = (typeof fieldTable)[number]['name'];

export const fields: readonly Field[] = fieldTable.map(({name}) => name);

const rows: ReadonlyMap<string, FieldRow> = new Map(
	fieldTable.flatMap((row: FieldRow) => [row.name, ...row.aliases].map(name => [name, row] as const)),
);

/** The row of a field, by its name or by a longer one; undefined: there is none. */
export function fieldNamed(name: string): (FieldRow & {readonly name: Field}) | undefined {
	return rows.get(name) as (FieldRow & {readonly name: Field}) | undefined;
}

/** All names that are understood. */
export const fieldNames: readonly string[] = [...rows.keys()];

/** The words for each field, in help and completion. */
export const fieldWords = Object.fromEntries(fieldTable.map(({name, help}) => [name, help])) as Readonly<
	Record<Field, string>
>;

export function kindOfField(field: Field): ValueKind {
	return fieldNamed(field)!.kind;
}

/** Whether < and > are understood. */
export function isOrdered(field: Field): boolean {
	return ['number', 'named-number', 'time'].includes(kindOfField(field));
}
