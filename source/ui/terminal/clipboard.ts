/**
Copying with OSC 52: it works over ssh, since it is the terminal at the other end that has the clipboard.
*/
import type {SafeText} from '../../text/safe.js';

type ClipboardEnvironment = {readonly [name in 'TERM' | 'TMUX' | 'STY']?: string | undefined};

/** xterm and hterm take no more base64; tmux drops longer strings silently. */
const base64Limit = 74_994;
/** GNU screen forwards strings of 768 bytes at most. */
const screenPiece = 250;

/** Through tmux and screen to the terminal around it: every ESC is doubled for tmux, screen takes pieces. */
function through(sequence: string, {TMUX, STY}: ClipboardEnvironment): string {
	// With set-clipboard on, tmux sets its own clipboard; with allow-passthrough on it forwards the string. The text is the same.
	if (TMUX) {
		return `${sequence}\u001BPtmux;${sequence.replaceAll('\u001B', '\u001B\u001B')}\u001B\\`;
	}
	if (!STY) {
		return sequence;
	}
	const pieces = sequence.match(new RegExp(`[^]{1,${screenPiece}}`, 'gu')) ?? [];
	return pieces.map(piece => `\u001BP${piece}\u001B\\`).join('');
}

/**
The bytes that copy the lines, to be written between frames. undefined: too long for OSC 52. The text is made safe as on
the screen: a paste into a shell must not run what an attacker wrote after a line feed.
*/
export function copySequence(lines: readonly SafeText[], environment: ClipboardEnvironment): string | undefined {
	const text = lines.join('\n');
	const base64 = Buffer.from(text).toString('base64');
	if (base64.length > base64Limit) {
		return undefined;
	}
	return through(`\u001B]52;c;${base64}\u0007`, environment);
}
