/** proto/ against the facts of the API, and the program's table against proto/. */
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import test from 'node:test';
import protobuf from 'protobufjs';
import {loadProto, schemaText} from '../../../scripts/proto.js';

const facts = readFileSync(new URL('../../fixtures/tetragon-api.tsv', import.meta.url), 'utf8')
	.split('\n')
	.filter(line => line !== '' && !line.startsWith('#'))
	.map(line => line.split('\t'));
const root: protobuf.Root = loadProto();
const tetragon = root.lookup('tetragon') as protobuf.Namespace;

function short(name: string): string {
	return name.replace(/^\.?(tetragon\.)?/, '');
}

function withoutSince(line: readonly string[]): string {
	return line.slice(0, -1).join(' ');
}

function labelOf(field: protobuf.Field): string {
	if (field.map) {
		return 'map';
	}

	return field.repeated ? 'repeated' : field.partOf?.isProto3Optional ? 'optional' : 'singular';
}

function typeOf(field: protobuf.Field): string {
	field.resolve();
	const type = field.resolvedType === null ? field.type : short(field.resolvedType.fullName);
	return field instanceof protobuf.MapField ? `map<${field.keyType},${type}>` : type;
}

function linesOf(namespace: protobuf.NamespaceBase): string[] {
	return namespace.nestedArray.flatMap(child => {
		const name = short(child.fullName);
		if (child instanceof protobuf.Enum) {
			return Object.entries(child.values).map(([value, number]) => `value ${name} ${number} ${value}`);
		}

		if (child instanceof protobuf.Service) {
			return child.methodsArray.map(
				method =>
					`rpc ${method.name} ${method.requestType} ${method.responseType} ${method.responseStream ? 'stream' : '-'}`,
			);
		}

		if (!(child instanceof protobuf.Type)) {
			return [];
		}

		const fields = child.fieldsArray.map(field => {
			const oneof = field.partOf && !field.partOf.isProto3Optional ? field.partOf.name : '-';
			return `field ${name} ${field.id} ${field.name} ${typeOf(field)} ${labelOf(field)} ${oneof}`;
		});
		return [...(fields.length === 0 ? [`message ${name}`] : fields), ...linesOf(child)];
	});
}

test('proto/ has the names, numbers, types, labels and oneofs of the API, no more and no less', () => {
	assert.deepEqual(linesOf(tetragon).sort(), facts.map(withoutSince).sort());
	assert.ok(facts.length > 500);
});

test('the table that the program reads was made from this proto/', () => {
	const committed = readFileSync(new URL('../../../source/tetragon/wire/schema.ts', import.meta.url), 'utf8');
	assert.equal(committed, schemaText(), 'stale: run node scripts/proto.js');
});
