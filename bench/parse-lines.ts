/** Standard input split into lines, each given to JSON.parse and forgotten: the least that a reader of JSON lines can do. */
import process from 'node:process';

let rest: Buffer | undefined;
for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
	const bytes: Buffer = rest ? Buffer.concat([rest, chunk]) : chunk;
	let at = 0;
	for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, at)) {
		JSON.parse(bytes.toString('utf8', at, end));
		at = end + 1;
	}

	rest = bytes.subarray(at);
}
