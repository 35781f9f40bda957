/**
Makes source/tetragon/wire/schema.ts from proto/: `node scripts/proto.js`. With `--check` it writes nothing and fails when the
committed table is stale. The program reads no .proto file at run time.
*/
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import protobuf from 'protobufjs';

const project = fileURLToPath(new URL('..', import.meta.url));
const target = `${project}source/tetragon/wire/schema.ts`;

/** All of proto/tetragon as one protobufjs root, with names as written. */
export function loadProto() {
	const root = new protobuf.Root();
	root.resolvePath = (_origin, file) => (file.startsWith('google/') ? file : `${project}proto/${file}`);
	const files = readdirSync(`${project}proto/tetragon`).sort();
	return root.loadSync(
		files.map(file => `tetragon/${file}`),
		{keepCase: true},
	);
}

function short(type) {
	return type.replace(/^\.?tetragon\./, '');
}

function fieldLine(field) {
	field.resolve();
	const type = field.resolvedType === null ? field.type : short(field.resolvedType.fullName).replace(/^\./, '');
	const oneof = field.partOf && !field.partOf.isProto3Optional ? `${field.partOf.name}:` : '';
	const label = field.map ? `%${field.keyType}` : field.repeated ? '*' : field.partOf?.isProto3Optional ? '?' : '';
	return `${field.id} ${oneof}${field.name} ${type}${label}`;
}

/** Messages and enums by name, nested ones as `Outer.Inner`, in alphabetical order. */
function collect(namespace, found) {
	for (const child of namespace.nestedArray) {
		if (child instanceof protobuf.Type) {
			found.messages.push([short(child.fullName), child.fieldsArray.map(fieldLine).join(', ')]);
			collect(child, found);
		} else if (child instanceof protobuf.Enum) {
			const values = Object.entries(child.values).map(([name, number]) => `${number} ${name}`);
			found.enums.push([short(child.fullName), values.join(', ')]);
		} else if (child instanceof protobuf.Service) {
			for (const method of child.methodsArray) {
				const stream = method.responseStream ? ' stream' : '';
				found.methods.push([method.name, `${method.requestType} ${method.responseType}${stream}`]);
			}
		}
	}

	return found;
}

function table(name, comment, rows) {
	const lines = rows
		.sort(([first], [second]) => (first < second ? -1 : 1))
		.map(([key, value]) => `\t${/^\w+$/.test(key) ? key : `'${key}'`}: '${value}',`);
	return `/** ${comment} */\nexport const ${name}: Readonly<Record<string, string>> = table<string>({\n${lines.join('\n')}\n});\n`;
}

export function schemaText() {
	const found = collect(loadProto().lookup('tetragon'), {messages: [], enums: [], methods: []});
	return [
		"// Made by scripts/proto.js from proto/: do not edit.\nimport {table} from '../../runtime/table.js';\n",
		table(
			'messages',
			'Fields in the order of proto/: `number [oneof:]name type[*|?|%key]`; * repeated, ? optional, % map with that key type.',
			found.messages,
		),
		table('enums', 'Values: `number name`.', found.enums),
		table('methods', 'Calls of tetragon.FineGuidanceSensors: `request response [stream]`.', found.methods),
	].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const text = schemaText();
	if (!process.argv.includes('--check')) {
		writeFileSync(target, text);
	} else if (readFileSync(target, 'utf8') !== text) {
		process.stderr.write('source/tetragon/wire/schema.ts is stale: run node scripts/proto.js\n');
		process.exitCode = 1;
	}
}
