/** What the bytes that a program wrote to its terminal ask of it. */
const esc = '\u001B';
const bell = '\u0007';

function all(text: string, pattern: string): string[] {
	return [...text.matchAll(new RegExp(pattern, 'gs'))].map(([, part]) => part ?? '');
}

/** Window titles, OSC 0 to 2. */
export function titlesIn(raw: string): string[] {
	return all(raw, `${esc}\\][012];([^${bell}${esc}]*)`);
}

/** Texts for the clipboard, OSC 52. */
export function copiesIn(raw: string): string[] {
	return all(raw, `${esc}\\]52;c;([\\w+/=]*)`).map(text => Buffer.from(text, 'base64').toString());
}

/** SGR codes that set a colour. */
export function coloursIn(raw: string): string[] {
	return all(raw, `${esc}\\[([\\d;]*)m`)
		.flatMap(codes => codes.split(';'))
		.filter(code => /^(3[0-8]|4[0-8]|9[0-7]|10[0-7])$/.test(code));
}

export function firstForeign(raw: string): string | undefined {
	const at = [...raw].findIndex(character => character > '\u007F');
	return at === -1 ? undefined : raw.slice(Math.max(0, at - 40), at + 40);
}
