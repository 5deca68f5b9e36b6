import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { errorCodes } from './error.ts';

describe('docs/errors.md', () => {
  it('documents every error code, and no other', async () => {
    const text = await readFile(new URL('../../docs/errors.md', import.meta.url), 'utf8');
    const documented = [...text.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, code]) => code);
    expect(documented.sort()).toEqual(Object.keys(errorCodes).sort());
  });
});
