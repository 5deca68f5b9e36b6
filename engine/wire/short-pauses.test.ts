import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const MEGABYTE = 1024 * 1024;

/** The young generation, in bytes, of a process that has made much garbage and kept some. */
async function youngBytes(before: string): Promise<number> {
  const program = `
    import { getHeapSpaceStatistics } from 'node:v8';
    ${before}
    let kept = [];
    for (let turn = 0; turn < 200; turn += 1) {
      for (let i = 0; i < 20_000; i += 1) {
        const made = { turn, i, text: String(i) };
        if (i % 4 === 0) kept.push(made);
      }
      if (kept.length > 400_000) kept = [];
      // Observers are told between turns.
      await new Promise((resolve) => setImmediate(resolve));
    }
    console.log(getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  return Number(stdout);
}

test('the young generation stays small where it would grow', async () => {
  const module = new URL('./short-pauses.ts', import.meta.url).href;
  const byItself = await youngBytes('');
  const kept = await youngBytes(`import { keepPausesShort } from ${JSON.stringify(module)}; keepPausesShort();`);
  expect(byItself).toBeGreaterThan(16 * MEGABYTE);
  expect(kept).toBeLessThanOrEqual(16 * MEGABYTE);
});
