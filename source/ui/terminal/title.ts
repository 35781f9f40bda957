/** The window title. The session gives the old title back at its end. */
import type {SafeText} from '../../text/safe.js';
import type {TerminalEnvironment} from '../frame/glyphs.js';
import {knowsTitles} from './modes.js';

/** To be written between frames; '' where the terminal has no title. */
export function titleSequence(title: SafeText, environment: TerminalEnvironment): string {
	return knowsTitles(environment) ? `\u001B]2;${title}\u0007` : '';
}
