/** Replaces react-devtools-core (patches.js). */
export default {};
