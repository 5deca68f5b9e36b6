import { stripVTControlCharacters } from 'node:util';

/**
 * What is said when all suites have ended. What failed comes last, where one looks first.
 *
 * @typedef {{ where: string, test?: string, why: string }} Skip `test` is missing where all of `where` was skipped.
 * @typedef {{ where: string, test: string, message: string }} Failure
 * @typedef {{ name: string, passed: number, failed: number, skips: Skip[], failures?: Failure[], broken?: string }} Suite
 * @param {Suite[]} suites
 * @returns {string[]} lines
 */
export function summary(suites) {
  const total = (key) => suites.reduce((sum, suite) => sum + suite[key], 0);
  const skips = suites.flatMap((suite) => suite.skips);
  const bySuite = suites.map(({ name, passed, failed }) => `${name} ${passed}${failed ? ` + ${failed} failed` : ''}`);
  const counts = `${total('passed')} passed, ${total('failed')} failed, ${skips.length} skipped`;
  return [
    `Tests: ${counts} (${bySuite.join(', ')})`,
    ...skipped(skips),
    ...suites.flatMap((suite) => suite.broken ?? []).map((reason) => `Broken: ${reason}`),
    ...suites
      .flatMap((suite) => suite.failures ?? [])
      .flatMap(({ where, test, message }) => [`Failed: ${where}: ${test}`, ...shortened(message)]),
  ];
}

/** What was skipped in one place for one reason is one line: there can be hundreds. */
function skipped(skips) {
  const groups = new Map();
  for (const skip of skips) {
    const key = `${skip.where}\n${skip.why}`;
    groups.set(key, [...(groups.get(key) ?? []), skip]);
  }
  return [...groups.values()].map(([{ where, test, why }, ...more]) => {
    const count = more.length + 1;
    const what = test === undefined ? `all of ${where}` : count === 1 ? `${where}: ${test}` : `${count} of ${where}`;
    return `Skipped: ${what}, because ${why}`;
  });
}

/** The first lines of a message, without the colours of a terminal: the rest stands where the test ran. */
function shortened(message) {
  const lines = stripVTControlCharacters(message)
    .split('\n')
    .filter((line) => line.trim() !== '');
  const shown = lines.slice(0, 12).map((line) => `  ${line.slice(0, 300)}`);
  return lines.length > shown.length ? [...shown, '  …'] : shown;
}
