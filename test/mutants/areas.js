/**
The parts of the program whose tests must find at least 90 % of planted faults, each with the tests that speak of it. A row
is one run of Stryker: its tests are bundled once, with all mutants switched by an environment variable, so that a mutant
costs a start of Node and the tests of its row, not a compilation.
*/
export const areas = [
	{
		name: 'kills',
		mutate: ['source/store/kills/*.ts'],
		tests: ['test/store/kills'],
	},
	{
		name: 'policies',
		mutate: ['source/store/policies/*.ts'],
		tests: ['test/store/policies', 'test/store/kills'],
	},
	{
		name: 'query',
		mutate: ['source/query/*.ts'],
		tests: ['test/query'],
	},
	{
		name: 'text',
		mutate: ['source/text/*.ts'],
		tests: ['test/text'],
		// The tests compare Ink's measure: Node starts with the patched packages, which takes longer.
		isPatched: true,
	},
	{
		name: 'fleet',
		mutate: ['source/fleet/loss.ts', 'source/runtime/backoff.ts'],
		tests: ['test/fleet/loss.test.ts', 'test/runtime/backoff.test.ts'],
	},
	{
		name: 'kubeconfig',
		mutate: ['source/kubernetes/kubeconfig/*.ts'],
		tests: ['test/kubernetes/kubeconfig'],
	},
];
