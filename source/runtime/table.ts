/**
A table whose keys are words from outside: of a filter, a cluster, an event. An object literal would also answer to
`constructor` and `toString`.
*/
export function table<Value>(rows: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
	return Object.assign(Object.create(null), rows) as Readonly<Record<string, Value>>;
}
