/** Prints as JSON what side-by-side.ts draws; bundled with plain and with patched packages by ink-patches.test.ts. */
import {rowsSideBySide} from './side-by-side.js';

console.log(JSON.stringify(rowsSideBySide()));
