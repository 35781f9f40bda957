import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Decoder, type KeyEvent} from '../../../source/ui/terminal/decoder.js';

function names(events: readonly KeyEvent[]): string {
	return events.map(event => (event.type === 'key' ? event.name : JSON.stringify(event))).join(' ');
}

function decode(...chunks: readonly (string | Buffer)[]): string {
	const decoder = new Decoder();
	return names(chunks.flatMap(chunk => decoder.push(chunk)));
}

const table: readonly (readonly [string, string])[] = [
	// a burst, and text
	['jjj', 'j j j'],
	['xq/', 'x q /'],
	[' ', 'space'],
	['é日👍', 'é 日 👍'],
	['e\u0301x', 'e\u0301 x'],
	// controls
	['\r\n\t', 'enter enter tab'],
	['\u007F\b', 'backspace backspace'],
	['\u0003\u0004\u0000\u001C', 'ctrl-c ctrl-d ctrl-@ ctrl-\\'],
	// xterm
	['\u001B[A\u001B[B\u001B[C\u001B[D', 'up down right left'],
	['\u001B[H\u001B[F\u001B[Z', 'home end shift-tab'],
	['\u001B[1;2A\u001B[1;5C\u001B[1;3D\u001B[1;6H', 'shift-up ctrl-right alt-left ctrl-shift-home'],
	['\u001B[2~\u001B[3~\u001B[5~\u001B[6~\u001B[3;5~', 'insert delete pageup pagedown ctrl-delete'],
	['\u001BOP\u001BOQ\u001BOR\u001BOS', 'f1 f2 f3 f4'],
	['\u001B[15~\u001B[17~\u001B[21~\u001B[23~\u001B[24~', 'f5 f6 f10 f11 f12'],
	['\u001B[1;2P\u001B[15;2~', 'shift-f1 shift-f5'],
	// application cursor keys and keypad
	['\u001BOA\u001BOB\u001BOC\u001BOD\u001BOH\u001BOF', 'up down right left home end'],
	['\u001BOM\u001BOj\u001BOp\u001BOy', 'enter * 0 9'],
	// PuTTY, VT220
	['\u001B[11~\u001B[12~\u001B[13~\u001B[14~', 'f1 f2 f3 f4'],
	['\u001B[1~\u001B[4~', 'home end'],
	// the Linux console
	['\u001B[[A\u001B[[B\u001B[[E', 'f1 f2 f5'],
	// rxvt
	['\u001B[7~\u001B[8~', 'home end'],
	['\u001B[a\u001BOa\u001B[7$\u001B[7^\u001B[7@', 'shift-up ctrl-up shift-home ctrl-home ctrl-shift-home'],
	// kitty and modifyOtherKeys
	['\u001B[97;5u\u001B[27;5;105~\u001B[13;2u', 'ctrl-a ctrl-i shift-enter'],
	// Alt comes in one piece
	['\u001Bj\u001B ', 'alt-j alt-space'],
	['\u001B\u001B[A', 'esc up'],
	['\u001B\u0003', 'esc ctrl-c'],
	// replies and unknown sequences are eaten whole
	['\u001B[?1;2c\u001B[>41;354;0c\u001B[?2026;1$y\u001B[0nx', 'x'],
	['\u001B]11;rgb:1212/3434/5656\u001B\\x', 'x'],
	['\u001B]11;rgb:1212/3434/5656\u0007x', 'x'],
	['\u001BP>|XTerm(379)\u001B\\x\u001B_Gi=1;OK\u001B\\y', 'x y'],
	['\u001B[I\u001B[O\u001B[99~\u001B[1;2;3;4zx', 'x'],
	['\u001B[M !!x', 'x'],
	['\u009BA\u0085x', 'up x'],
	// a broken sequence does not take the key behind it, if that cannot belong to it
	['\u001B[1;\u0003', 'ctrl-c'],
	['\u001B]0;title\u0003', 'ctrl-c'],
	['\u001B[M\u0003', 'ctrl-c'],
	['\u001B[M!\u0003', 'ctrl-c'],
	['\u001B[M!!\u001B[A', 'up'],
	['\u001B[12;40R', '{"type":"position","x":39,"y":11}'],
	[
		'\u001B[<0;10;5M\u001B[<0;10;5m',
		'{"type":"mouse","action":"press","button":0,"x":9,"y":4} {"type":"mouse","action":"release","button":0,"x":9,"y":4}',
	],
	[
		'\u001B[<64;1;1M\u001B[<65;1;1M',
		'{"type":"mouse","action":"wheel-up","button":0,"x":0,"y":0} {"type":"mouse","action":"wheel-down","button":1,"x":0,"y":0}',
	],
	['\u001B[200~a\r\nb\u001B[A\u001B[201~q', '{"type":"paste","text":"a\\r\\nb\\u001b[A"} q'],
];

test('keys of all terminals have their names', () => {
	for (const [bytes, wanted] of table) {
		assert.equal(decode(bytes), wanted, JSON.stringify(bytes));
	}
});

test('it does not matter where a chunk ends, but for Alt', () => {
	for (const [bytes, wanted] of table) {
		if (/alt-[^l]|alt-l[^e]/.test(wanted) || /\u0301|👍/.test(bytes)) {
			continue;
		}
		const buffer = Buffer.from(bytes);
		assert.equal(decode(...[...buffer].map(byte => Buffer.from([byte]))), wanted, JSON.stringify(bytes));
		for (let at = 1; at < buffer.length; at++) {
			assert.equal(decode(buffer.subarray(0, at), buffer.subarray(at)), wanted, `${JSON.stringify(bytes)} at ${at}`);
		}
	}
});

test('a character that is split between two chunks is one key', () => {
	const bytes = Buffer.from('日');
	assert.equal(decode(bytes.subarray(0, 1), bytes.subarray(1)), '日');
});

test('a lone Esc waits for its rest and is the Esc key when none comes', () => {
	const decoder = new Decoder();
	assert.deepEqual(decoder.push('\u001B'), []);
	assert.equal(decoder.pending, true);
	assert.equal(names(decoder.flush()), 'esc');
	assert.equal(decoder.pending, false);
	assert.deepEqual(decoder.flush(), []);
});

test('any key ends the wait of a lone Esc', () => {
	assert.equal(decode('\u001B', 'j'), 'esc j');
	assert.equal(decode('\u001B', '\u001B', 'j'), 'esc esc j');
});

test('the rest of a sequence that comes late never acts as letters', () => {
	const decoder = new Decoder();
	decoder.push('\u001B[1;');
	assert.equal(decoder.pending, false);
	assert.deepEqual(decoder.flush(), []);
	assert.equal(names(decoder.push('2Aj')), 'shift-up j');
});

test('Alt-] is a key and does not swallow what is typed after it', () => {
	const decoder = new Decoder();
	decoder.push('\u001B]');
	assert.equal(decoder.pending, true);
	assert.equal(names(decoder.flush()), 'alt-]');
	assert.equal(names(decoder.push('j')), 'j');
});

test('what is pasted is never keys, however it is split, and a lost end gives way to ctrl-c', () => {
	assert.equal(decode('\u001B[20', '0~ab', '\u001B[2', '01~q'), '{"type":"paste","text":"ab"} q');
	assert.equal(decode('\u001B[200~ab', '\u001B', '[201~'), '{"type":"paste","text":"ab"}');
	assert.equal(decode('\u001B[200~ab', '\u0003', 'q'), 'ctrl-c q');
});

test('only characters type text', () => {
	const [character, arrow] = new Decoder().push('é\u001B[A');
	assert.deepEqual(character, {type: 'key', name: 'é', text: 'é'});
	assert.deepEqual(arrow, {type: 'key', name: 'up'});
});

test('no sequence that has begun swallows a ctrl-c', () => {
	for (const [bytes] of table) {
		for (let length = 1; length <= bytes.length; length++) {
			const decoder = new Decoder();
			decoder.push(bytes.slice(0, length));
			assert.match(names(decoder.push('\u0003')), /ctrl-c$/, JSON.stringify(bytes.slice(0, length)));
		}
	}
});

test('what is read late may be Esc and another key, and sequences stay whole', () => {
	function late(bytes: string): string {
		return names(new Decoder().push(bytes, true));
	}

	assert.equal(late('\u001Bj'), 'esc j');
	assert.equal(late('\u001B[A\u001BOP'), 'up f1');
	assert.equal(decode('\u001Bj'), 'alt-j');
});

test('any bytes are taken without an error, and no control character comes out as a name', () => {
	let seed = 7;

	function random(limit: number): number {
		seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
		return seed % limit;
	}

	const likely = Buffer.from('\u001B\u001B\u001B[[]OPX^_0123456789;:<>?$ ~ABMRcmu\\\u0007\r\n\u0000\u009B');
	for (let round = 0; round < 3000; round++) {
		const decoder = new Decoder();
		const bytes = Buffer.from(
			Array.from({length: 20}, () => (random(4) ? (likely[random(likely.length)] ?? 0) : random(256))),
		);
		const events = [...decoder.push(bytes.subarray(0, 9)), ...decoder.push(bytes.subarray(9)), ...decoder.flush()];
		for (const event of events) {
			if (event.type === 'key') {
				assert.doesNotMatch(event.name, /\p{Cc}/u, JSON.stringify(String(bytes)));
			}
		}
	}
});
