/** A reporter for node:test that ends the process at the first test that fails: a mutant is found then. */
import process from 'node:process';

export default async function* firstFailure(events) {
	for await (const {type, data} of events) {
		if (type === 'test:fail') {
			yield `${data.name}\n`;
			process.exit(1);
		}
	}
}
