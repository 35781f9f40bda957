import assert from 'node:assert/strict';
import test from 'node:test';
import {ByteText} from '../../../source/runtime/byte-text.js';
import {compactLineOfFrame, writeCompactLine} from '../../../source/tetragon/compact/compact.js';
import {writePlainLine} from '../../../source/tetragon/compact/compact-frame.js';
import {encodeMessage} from '../../../source/tetragon/wire/encode.js';
import {frame, number, part} from '../build-frame.js';
import {compactTextOf, framesOf, recordingNames} from '../recorded.js';

function written(frames: readonly Uint8Array[]): string {
	const out = new ByteText(16);
	for (const bytes of frames) {
		out.add(writeCompactLine, bytes);
		out.byte(0x0a);
	}

	return out.toString();
}

for (const name of recordingNames()) {
	test(`the compact lines of ${name} that are written as bytes are tetra's`, () => {
		assert.equal(written(framesOf(name)), compactTextOf(name));
	});
}

test('nearly every event of fork-storm takes the short way', () => {
	const out = new ByteText(64 * 1024 * 1024);
	const frames = framesOf('fork-storm');
	const plain = frames.filter(bytes => writePlainLine(out, bytes)).length;
	assert.ok(plain > frames.length * 0.95, `${plain} of ${frames.length}`);
});

function same(bytes: Uint8Array): void {
	assert.equal(written([bytes]), `${compactLineOfFrame(bytes)}\n`);
}

const texts = ['', 'a', 'a b', 'a"b', 'a" b\\', '\\', 'é', 'a\u007f', 'a\tb', ' ', '\u202e', '-c "x y"'];

test('texts of every kind in every place give the line of the decoded event', () => {
	for (const text of texts) {
		for (const other of texts) {
			const process = {binary: text, arguments: other, pod: {namespace: other, name: text}};
			same(encodeMessage('GetEventsResponse', {process_exec: {process}, node_name: 'n'}));
			same(encodeMessage('GetEventsResponse', {process_exec: {process: {binary: other}}, node_name: text}));
			same(encodeMessage('GetEventsResponse', {process_exit: {process, signal: other, status: 7}}));
			same(encodeMessage('GetEventsResponse', {process_exit: {process: {arguments: text}, status: 4_294_967_295}}));
		}
	}
});

test('capabilities up to and above CAP_SYS_ADMIN, and lines about as long as the column of the trailer', () => {
	for (const count of [0, 1, 21, 22, 40]) {
		for (let length = 80; length < 125; length++) {
			const cap = part(
				14,
				part(
					2,
					Array.from({length: count}, (_, index) => index),
				),
			);
			same(frame(part(1, part(1, [...part(5, 'b'.repeat(length)), ...cap])), part(1000, 'n')));
		}
	}
});

test('pieces, doubles, other wire types and other cases are merged and read as the decoder does', () => {
	const one = part(1, part(5, 'a'));
	for (const bytes of [
		frame(part(1, [...one, ...part(1, part(6, 'b'))])),
		frame(part(1, one), part(1, part(1, part(6, 'b')))),
		frame(part(1, one), part(5, one)),
		frame(part(1, part(1, [...part(5, 'a'), ...part(5, 'b')]))),
		frame(part(1, part(1, [...part(10, part(1, 'n')), ...part(10, part(2, 'p'))]))),
		frame(part(1, part(1, part(10, '')))),
		frame(part(1, part(1, [...number(5, 1), ...part(14, [...number(2, 1), ...number(2, 3)])]))),
		frame(part(1, part(1, part(14, [...part(2, [1, 2]), ...part(2, [3])])))),
		frame(part(5, [...one, ...number(4, 1), ...number(4, 2), ...part(3, 'X'), ...number(3, 1)])),
		frame(part(5, [...one, ...part(4, [1])])),
		frame(part(1, one), part(1000, 'n'), part(1000, 'm')),
		frame(part(1, one), part(1001, [1, 2, 3])),
		frame(part(1, one), part(77, 'newer')),
		frame(part(1, part(2, one))),
		frame(part(1, [])),
		frame(),
	]) {
		same(bytes);
	}
});

/** The same numbers in every run. */
function numbers(seed: number): (below: number) => number {
	let state = seed;
	return below => {
		state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
		return (state >>> 8) % below;
	};
}

test('frames with changed, lost and added bytes give the line of the decoded event', () => {
	const next = numbers(7);
	const frames = [...framesOf('fork-storm').slice(0, 200), ...framesOf(recordingNames()[0] ?? '').slice(0, 200)];
	for (let round = 0; round < 8000; round++) {
		const bytes = Buffer.from(frames[next(frames.length)] ?? []);
		for (let change = next(3); change >= 0; change--) {
			bytes[next(bytes.length)] = next(256);
		}

		const at = next(bytes.length);
		const cut = [bytes, bytes.subarray(0, at), Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)])][next(3)];
		same(cut ?? bytes);
	}
});
