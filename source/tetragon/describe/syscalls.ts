/** Linux system calls by number and ABI, and their arguments by name. */
import {table} from '../../runtime/table.js';
import {syscallArguments} from './syscall-arguments.js';
import {syscallNames} from './syscall-names.js';

type SyscallArgument = {readonly type: string; readonly name: string};

const namesByAbi = new Map<string, readonly string[]>();
let argumentsByName: Map<string, readonly SyscallArgument[]> | undefined;

/** '' for a number or an ABI that has no name here. */
export function syscallName(abi: string, number: number): string {
	let names = namesByAbi.get(abi);
	if (names === undefined) {
		names = (syscallNames[abi] ?? '').trim().split(/\s+/);
		namesByAbi.set(abi, names);
	}

	const name = names[number] ?? '';
	return name === '-' ? '' : name;
}

/** In the kernel's order; undefined for a call without arguments, or one that the table does not have under this name. */
export function argumentsOf(name: string): readonly SyscallArgument[] | undefined {
	argumentsByName ??= parseArguments();
	return argumentsByName.get(name);
}

function parseArguments(): Map<string, readonly SyscallArgument[]> {
	const table = new Map<string, readonly SyscallArgument[]>();
	for (const line of syscallArguments.trim().split(/[;\n]/)) {
		const space = line.indexOf(' ');
		table.set(
			line.slice(0, space),
			line
				.slice(space + 1)
				.split(',')
				.map(parseArgument),
		);
	}

	return table;
}

const shortTypes: Readonly<Record<string, string>> = table<string>({
	I: 'int',
	'I*': 'int *',
	U: 'unsigned int',
	L: 'unsigned long',
	Z: 'size_t',
	C: 'char *',
	P: 'const char *',
	V: 'void *',
	cV: 'const void *',
});

function parseArgument(text: string): SyscallArgument {
	const space = text.lastIndexOf(' ');
	const type = text.slice(0, space);
	const structure = /^(c?)S\.(\w+)$/.exec(type);
	return {
		type:
			structure === null
				? (shortTypes[type] ?? type)
				: `${structure[1] === 'c' ? 'const ' : ''}struct ${structure[2]} *`,
		name: text.slice(space + 1),
	};
}

/** The function without the arch prefix of its syscall wrapper: `__x64_sys_write` is `sys_write`. */
export function withoutArch(functionName: string): string {
	if (functionName.startsWith('__x64_')) {
		return functionName.slice(6);
	}

	if (functionName.startsWith('__arm64_')) {
		return functionName.slice(8);
	}

	return functionName.startsWith('__ia32_') ? functionName.slice(7) : functionName;
}
