/** Opens the screen with the look that the options ask for, for every mode. */
import process from 'node:process';
import type {Options} from '../../options/options.js';
import {keepHeapSmall} from '../../runtime/heap.js';
import type {Store} from '../../store/store.js';
import {setCharset} from '../../text/charset.js';
import type {Services} from '../../ui/effects.js';
import {chooseCharset, glyphsFor} from '../../ui/frame/glyphs.js';
import {chooseTheme} from '../../ui/frame/theme.js';
import {mergeKeys} from '../../ui/keys/keymap.js';
import {type RunOptions, runScreen} from '../../ui/run.js';
import {narrowingsOf} from '../narrowings.js';

export type ScreenOptions = {
	readonly options: Options;
	readonly store: Store;
	readonly services: Services;
	/** Names of the flags that the store runs whose events are shown. */
	readonly atStore?: ReadonlySet<string>;
} & Pick<RunOptions, 'targetName' | 'mode' | 'chips' | 'onPainted'>;

export async function openScreen({options, store, services, atStore, ...rest}: ScreenOptions): Promise<void> {
	keepHeapSmall();
	const charset = chooseCharset(process.env, {ascii: options.ascii});
	setCharset(charset);
	const glyphs = glyphsFor(charset);
	const {keymap, errors} = mergeKeys(options.keys);
	for (const error of errors) {
		store.raise({
			id: `keys ${error}`,
			severity: 'warning',
			what: 'config.yaml',
			why: error,
			fix: 'tetratop keys lists actions and keys',
		});
	}

	for (const {what, why, fix} of options.mistakes) {
		store.raise({id: `config ${what}`, severity: 'warning', what, why: why.replace(/\.$/, ''), fix});
	}

	await runScreen({
		...rest,
		given: narrowingsOf(options, atStore),
		store,
		services,
		glyphs,
		keymap,
		theme: chooseTheme(process.env, {color: options.color, theme: options.theme}),
		insecure: options.tlsSkipVerify === true || options.insecureSkipTlsVerify === true,
		mouse: options.mouse === true,
	});
}
