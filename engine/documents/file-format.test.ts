import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../catalogue.ts';
import { parseDocument } from '../model/parse.ts';

const text = await readFile(new URL('../../docs/file-format.md', import.meta.url), 'utf8');

const rowOf = (name: string): string | undefined => text.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));

describe('docs/file-format.md', () => {
  it('starts with a document that is valid', () => {
    const [, example = ''] = /```json\n([\s\S]*?)```/.exec(text) ?? [];
    expect(parseDocument(JSON.parse(example), catalogue).ok).toBe(true);
  });

  it.each(catalogue.kinds.map(({ kind, config }) => [kind, Object.keys(config.shape)] as const))(
    'tells of the kind %s all that its config holds',
    (kind, fields) => {
      expect(rowOf(kind)).toBeDefined();
      for (const field of fields) expect(rowOf(kind)).toMatch(new RegExp(`\`${field}(\\[\\])?\``));
    },
  );

  it.each(catalogue.faults.map(({ fault, parameters }) => [fault, Object.keys(parameters.shape)] as const))(
    'tells of the fault %s all its parameters',
    (fault, fields) => {
      expect(rowOf(fault)).toBeDefined();
      for (const field of fields) expect(rowOf(fault)).toContain(`\`${field}\``);
    },
  );
});
