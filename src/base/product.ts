/** What this program is called and which release it is. */

/** Put in by the bundler and by the test runner, from `package.json`. */
declare const PEXJS_VERSION: string;

/** The release of pexjs, a bare PEP 440 number. */
export const VERSION: string = PEXJS_VERSION;
