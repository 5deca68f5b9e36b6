import { runInNewContext } from 'node:vm';

/** What patterns and paths of a document may take. Some of them need longer than the universe exists. */
const PATTERN_MS = 200;

/** Runs work that does not wait, and ends it when it takes too long: then it throws. */
export function withinTime<Result>(work: () => Result, timeoutMs = PATTERN_MS): Result {
  let result: { value: Result } | null = null;
  const run = (): void => {
    result = { value: work() };
  };
  try {
    // The timeout of a context ends what is called from it, patterns that backtrack for ever included.
    runInNewContext('run()', { run }, { timeout: timeoutMs });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw new Error(`it took longer than ${timeoutMs} ms`, { cause: error });
  }
  return (result as unknown as { value: Result }).value;
}

/** The texts that match, the newest lines of a log included. */
export function matching(pattern: string, texts: readonly string[]): string[] {
  const regex = new RegExp(pattern, 'u');
  return withinTime(() => texts.filter((text) => regex.test(text)));
}
