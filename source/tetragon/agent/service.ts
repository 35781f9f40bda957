/** The calls of tetragon.FineGuidanceSensors that tetratop makes or, in the demo, answers. */
import type {MethodDefinition} from '@grpc/grpc-js';

export const serviceName = 'tetragon.FineGuidanceSensors';

/** Method → request and response message, by their names in proto/tetragon. */
export const methods = {
	GetEvents: {request: 'GetEventsRequest', response: 'GetEventsResponse', stream: true},
	GetHealth: {request: 'GetHealthStatusRequest', response: 'GetHealthStatusResponse', stream: false},
	GetVersion: {request: 'GetVersionRequest', response: 'GetVersionResponse', stream: false},
	GetInfo: {request: 'GetInfoRequest', response: 'GetInfoResponse', stream: false},
	ListTracingPolicies: {request: 'ListTracingPoliciesRequest', response: 'ListTracingPoliciesResponse', stream: false},
	ConfigureTracingPolicy: {
		request: 'ConfigureTracingPolicyRequest',
		response: 'ConfigureTracingPolicyResponse',
		stream: false,
	},
	GetDebug: {request: 'GetDebugRequest', response: 'GetDebugResponse', stream: false},
} as const;

export type MethodName = keyof typeof methods;

export function methodPath(name: MethodName): string {
	return `/${serviceName}/${name}`;
}

/**
Messages pass as the bytes they are. grpc-js ends a whole stream with INTERNAL when a deserializer throws, so nothing is
read here: decoding happens where a broken message can be counted and shown.
*/
export function passBytes(bytes: Buffer): Buffer {
	return bytes;
}

/** The method for a grpc-js server or client that speaks bytes. */
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
