/**
The modes of a terminal that tetratop changes, and how each is given back. Only session.ts writes them.
*/
import type {TerminalEnvironment} from '../frame/glyphs.js';

const csi = '\u001B[';

/** Terminals that know window titles (CSI 22 t, OSC 2); the Linux console and the VTs would print them. */
export function knowsTitles({TERM: terminal = ''}: TerminalEnvironment): boolean {
	return terminal !== '' && !/^(?:linux|dumb|vt\d|ansi|sun|cons25)/.test(terminal);
}

/** CSI 22;0 t keeps the title on the terminal's stack. Wrapping is off, so that a wrong width never breaks two rows. */
export function enterModes(environment: TerminalEnvironment, savesTitle = true): string {
	return `${savesTitle && knowsTitles(environment) ? `${csi}22;0t` : ''}${csi}?1049h${csi}2J${csi}H${csi}?25l${csi}?7l${csi}?2004h`;
}

/**
CAN first: a frame may have been cut in the middle of a sequence. Then everything that was or might have been changed, also
the synchronized update that a cut frame has begun, since the terminal would show nothing until it times out.
*/
export function leaveModes(environment: TerminalEnvironment): string {
	return `\u0018${csi}?2026l${csi}?1006l${csi}?1002l${csi}?1000l${csi}?2004l${csi}?7h${csi}0m${csi}?25h${csi}?1049l${
		knowsTitles(environment) ? `${csi}23;0t` : ''
	}`;
}

export const mouseOn = `${csi}?1000h${csi}?1002h${csi}?1006h`;
export const mouseOff = `${csi}?1006l${csi}?1002l${csi}?1000l`;

/** Before a whole frame: what was on the screen is not known any more. */
export const clearScreen = `${csi}0m${csi}2J${csi}H`;

/**
In some CJK settings `●` and its like take two cells, whatever the standard says, and every row would be torn. Draws one
and asks where the cursor is then (CSI 6n); the decoder gives a `position` with x 1, or 2 where they are wide.
*/
export const askGlyphWidth = `${csi}H●${csi}6n${csi}H${csi}K`;
