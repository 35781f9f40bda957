/**
The flag with which tests start a TypeScript program: with the packages patched as in the bundle. `--import=tsx` instead
would run the packages as they are installed.
*/
export const patchedTsx = `--import=${new URL('../../scripts/patched-tsx.js', import.meta.url).href}`;
