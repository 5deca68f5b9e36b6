import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../catalogue.ts';
import { documentJsonSchema } from './json-schema.ts';
import { shop, type Written } from './shop.fixture.ts';

const published = JSON.parse(await readFile(new URL('../../docs/archipel.schema.json', import.meta.url), 'utf8'));
const accepts = new Ajv({ strict: false }).compile(published);

describe('docs/archipel.schema.json', () => {
  it('is what the schemas say today (write it anew with `node scripts/json-schema.ts`)', () => {
    expect(published).toEqual(JSON.parse(JSON.stringify(documentJsonSchema(catalogue))));
  });

  it('accepts a sound document', () => {
    expect([accepts(shop()), accepts.errors]).toEqual([true, null]);
  });

  it.each<[string, (document: Written) => void]>([
    ['an unknown kind', (document) => Object.assign(document.nodes[0], { kind: 'gatewai' })],
    ['an unknown field of a config', (document) => Object.assign(document.nodes[2].config, { replica: 1 })],
    ['an unknown fault', (document) => Object.assign(document.experiments[0].method[0], { fault: 'kil' })],
    [
      'a parameter of another fault',
      (document) => Object.assign(document.experiments[0].method[0], { parameters: { latencyMs: 5 } }),
    ],
    [
      'a process fault on an edge',
      (document) => Object.assign(document.experiments[0].method[0], { target: { edge: 'orders-db' } }),
    ],
  ])('refuses %s', (_, change) => {
    const document = shop();
    change(document);
    expect(accepts(document)).toBe(false);
  });
});
