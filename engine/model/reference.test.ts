import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../catalogue.ts';
import { parseDocument } from './parse.ts';
import { reference } from './reference.ts';

const read = (name: string): Promise<string> => readFile(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

describe('docs/reference.md', () => {
  it('is what the definitions say today (write it anew with `node scripts/json-schema.ts`)', async () => {
    expect(await read('reference.md')).toBe(reference(catalogue));
  });

  it('tells of every kind and every fault, with all their fields', () => {
    const text = reference(catalogue);
    for (const { kind, config } of catalogue.kinds) {
      const [, section = ''] = text.split(`\n### \`${kind}\`: `);
      for (const field of Object.keys(config.shape)) expect(section.split('\n### ')[0]).toContain(`| \`${field}\` |`);
    }
    for (const { fault, parameters } of catalogue.faults) {
      const [, section = ''] = text.split(`\n### \`${fault}\`: `);
      for (const field of Object.keys(parameters.shape))
        expect(section.split('\n### ')[0]).toContain(`| \`${field}\` |`);
    }
  });
});

describe('docs/file-format.md', () => {
  it('starts with a document that is valid', async () => {
    const [, example = ''] = /```json\n([\s\S]*?)```/.exec(await read('file-format.md')) ?? [];
    expect(parseDocument(JSON.parse(example), catalogue).ok).toBe(true);
  });
});
