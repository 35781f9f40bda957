/** The calls of tetragon.FineGuidanceSensors that tetratop makes or, in the demo, answers. */
import type {MethodDefinition} from '@grpc/grpc-js';
import {methods as schemaMethods} from '../wire/schema.js';

const serviceName = 'tetragon.FineGuidanceSensors';

const names = [
	'GetEvents',
	'GetHealth',
	'GetVersion',
	'GetInfo',
	'ListTracingPolicies',
	'ConfigureTracingPolicy',
	'GetDebug',
] as const;

export type MethodName = (typeof names)[number];

/** The messages of a call, by their names in proto/tetragon. */
type Method = {readonly request: string; readonly response: string; readonly stream: boolean};

export const methods = Object.fromEntries(names.map(name => [name, methodOf(name)])) as Readonly<
	Record<MethodName, Method>
>;

function methodOf(name: MethodName): Method {
	const [request = '', response = '', stream] = (schemaMethods[name] ?? '').split(' ');
	return {request, response, stream: stream === 'stream'};
}

export function methodPath(name: MethodName): string {
	return `/${serviceName}/${name}`;
}

/**
Messages pass as bytes. grpc-js ends a whole stream with INTERNAL when a deserializer throws, so decoding happens later,
where a broken message can be counted and shown.
*/
export function passBytes(bytes: Buffer): Buffer {
	return bytes;
}

/** The method for a grpc-js server or client whose messages are bytes. */
export function methodDefinition(name: MethodName): MethodDefinition<Buffer, Buffer> {
	return {
		path: methodPath(name),
		requestStream: false,
		responseStream: methods[name].stream,
		requestSerialize: passBytes,
		requestDeserialize: passBytes,
		responseSerialize: passBytes,
		responseDeserialize: passBytes,
	};
}
