/** Redacts secrets from the texts of plugins, proxies and servers before they are shown. */

const tokenShapes = [
	// A JSON web token: what service accounts and OIDC use.
	/\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g,
	/\b(bearer|basic)\s+[\w+/=.~-]{8,}/gi,
	// user:password in a URL.
	/(?<=:\/\/)[^\s/@:]+:[^\s/@]+(?=@)/g,
	/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];

const hidden = '[hidden]';

/** Characters. A shorter secret is a part of ordinary words: redacting it would make messages unreadable. */
const shortestSecret = 4;

/** Returns the text without the given secrets and without anything that looks like a token, a key or a password in a URL. */
export function hideSecrets(text: string, secrets: Iterable<string> = []): string {
	let shown = text;
	for (const secret of secrets) {
		if (secret.length >= shortestSecret) {
			shown = shown.replaceAll(secret, hidden);
		}
	}

	for (const shape of tokenShapes) {
		shown = shown.replace(shape, hidden);
	}

	return shown;
}
