/**
A letter of a Cyrillic or Greek keyboard layout counts as the Latin letter on the same key, so that keys work without
changing the layout.
*/
const latin = 'qwertyuiopasdfghjklzxcvbnm';
const layouts: readonly string[] = [
	'йцукенгшщзфывапролдячсмить',
	// Greek has no letter on Q.
	';ςερτυθιοπασδφγηξκλζχψωβνμ',
];

const twins = new Map<string, string>();
for (const layout of layouts) {
	for (const [place, letter] of [...layout].entries()) {
		const target = latin[place];
		if (target === undefined || letter === ';') {
			continue;
		}
		twins.set(letter, target);
		if (letter.toUpperCase() !== letter && !twins.has(letter.toUpperCase())) {
			twins.set(letter.toUpperCase(), target.toUpperCase());
		}
	}
}

/** The Latin letter on the same key; undefined: the key has none, or is Latin. */
export function latinTwin(key: string): string | undefined {
	return twins.get(key);
}
