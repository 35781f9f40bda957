/** The bench is run by hand and rarely: these tests notice when what it measures with no longer works. */
import assert from 'node:assert/strict';
import test from 'node:test';
import {RecordedMessages} from '../../bench/recorded-blocks.js';
import {rows} from '../../bench/rows.js';
import {Sending} from '../../bench/sending.js';
import {decodeEvent} from '../../source/tetragon/wire/decode.js';

Sending.standIn = 'realistic-mix';

for (const {name, measure} of rows) {
	test(`the row ${name} measures something on a tiny input`, {timeout: 60_000}, async () => {
		const results = await measure({tiny: true});
		assert.ok(results.length > 0);
		for (const result of results) {
			assert.ok(Number.isFinite(result.value) && result.value >= 0, `${result.what}: ${result.value}`);
			assert.ok(result.ratio === undefined || Number.isFinite(result.ratio), `${result.what}: ${result.ratio}`);
			assert.ok(result.must !== '' && result.absolute !== '' && result.against !== '');
		}
	});
}

test('each round of a recording brings new processes, of now, in frames that decode as before', () => {
	const messages = new RecordedMessages('fork-storm', 50);
	const nowMs = 1_790_000_000_000;

	function round(): Array<ReturnType<typeof decodeEvent>> {
		const {bytes, count} = messages.next(50, nowMs);
		const events: Array<ReturnType<typeof decodeEvent>> = [];
		for (let at = 0; at < bytes.length; at += 5 + bytes.readUInt32BE(at + 1)) {
			events.push(decodeEvent(bytes.subarray(at + 5, at + 5 + bytes.readUInt32BE(at + 1))));
		}

		assert.equal(events.length, count);
		return events;
	}

	function execIds(events: ReturnType<typeof round>): string[] {
		return events.map(event => event.process_exec?.process?.exec_id ?? event.process_exit?.process?.exec_id ?? '');
	}

	const [first, second] = [round(), round()];
	assert.equal(first.length, 50);
	assert.ok(
		first.every(({time}) => String(time).startsWith('2026-09-2')),
		String(first[0]?.time),
	);
	assert.deepEqual(
		execIds(first).filter(id => execIds(second).includes(id)),
		[],
	);
	assert.equal(new Set(execIds(second)).size, new Set(execIds(first)).size);
});
