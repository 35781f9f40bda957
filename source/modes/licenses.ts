/** `tetratop licenses`: the licence of tetratop and those of everything that it contains. */
import {packagedFile} from '../packaged-files.js';

export async function licenseTexts(): Promise<string> {
	const texts = await Promise.all(
		['NOTICE', 'LICENSE', 'THIRD-PARTY-NOTICES'].map(async name => (await packagedFile(name)).toString()),
	);
	return `${texts.map(text => text.trim()).join('\n\n')}\n`;
}
