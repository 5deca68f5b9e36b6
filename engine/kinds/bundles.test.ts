import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const directory = join(dirname(fileURLToPath(import.meta.url)), '../../dist/engine');
const programs = readdirSync(directory).filter((file) => file.endsWith('.cjs'));

test.each(programs)('%s starts without the schema library', (file) => {
  // One value imported from a file that also holds a schema brings all of it along: 750 kB that every replica would read.
  expect(readFileSync(join(directory, file), 'utf8').includes('$ZodType')).toBe(false);
});

test.each(['service.cjs', 'server.cjs', 'gateway.cjs', 'client.cjs', 'warm.cjs'])(
  '%s starts without crypto',
  (file) => {
    // A megabyte of each process, of about twelve.
    expect(readFileSync(join(directory, file), 'utf8')).not.toMatch(/require\("(node:)?crypto"\)/);
  },
);
