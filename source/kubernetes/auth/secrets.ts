/** The last gate before a text of a plugin, a proxy or a server may be shown: what we know to be secret is taken out. */

const tokenShapes = [
	// A JSON web token: what service accounts and OIDC use.
	/\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g,
	/\b(bearer|basic)\s+[\w+/=.~-]{8,}/gi,
	// user:password in a URL.
	/(?<=:\/\/)[^\s/@:]+:[^\s/@]+(?=@)/g,
	/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];

export const hidden = '[hidden]';

/** The text without the given secrets and without anything that has the shape of a token, a key or a password in a URL. */
export function hideSecrets(text: string, secrets: Iterable<string> = []): string {
	let shown = text;
	for (const secret of secrets) {
		// A short one would tear holes into ordinary words.
		if (secret.length >= 4) {
			shown = shown.replaceAll(secret, hidden);
		}
	}

	for (const shape of tokenShapes) {
		shown = shown.replace(shape, hidden);
	}

	return shown;
}
