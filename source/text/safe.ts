/**
The only way a foreign string reaches a screen, a title, a clipboard or a line on a terminal. Attackers write argv.
*/
declare const safeMark: unique symbol;

/** Text that holds no control, escape, bidi, zero-width or separator character. Only this module makes it. */
export type SafeText = string & {readonly [safeMark]: true};
