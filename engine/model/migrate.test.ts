import { describe, expect, it } from 'vitest';
import { type Migration, migrate } from './migrate.ts';

const chain: Record<number, Migration> = {
  1: ({ boxes, ...rest }) => ({ ...rest, nodes: boxes }),
  2: (document) => ({ ...document, nodes: (document.nodes as string[]).map((id) => ({ id })) }),
};

describe('migrate', () => {
  it('takes a document through every format from its own to the current one', () => {
    const migrated = migrate({ format: 1, boxes: ['a'] }, chain, 3);
    expect(migrated).toEqual({ ok: true, value: { format: 3, nodes: [{ id: 'a' }] }, migratedFrom: 1 });
  });

  it('starts in the middle of the chain', () => {
    expect(migrate({ format: 2, nodes: ['a'] }, chain, 3)).toEqual({
      ok: true,
      value: { format: 3, nodes: [{ id: 'a' }] },
      migratedFrom: 2,
    });
  });

  it('leaves a document of the current format as it is', () => {
    const document = { format: 3 };
    expect(migrate(document, chain, 3)).toEqual({ ok: true, value: document, migratedFrom: null });
  });

  it('says that a newer format needs a newer Archipel', () => {
    const migrated = migrate({ format: 9 }, chain, 3);
    expect(migrated.ok || migrated.error).toEqual({
      path: '$.format',
      message: 'the document has format 9, and this Archipel reads formats up to 3',
      nextStep: 'Open it with the newer Archipel that wrote it, or update this one.',
    });
  });

  it('turns a step that trips over a broken document into an error', () => {
    const migrated = migrate({ format: 2, nodes: 5 }, chain, 3);
    expect(migrated.ok || migrated.error.message).toMatch(/cannot be brought from format 2 to 3/);
  });

  it('says when no step leads on', () => {
    const migrated = migrate({ format: 0 }, chain, 3);
    expect(migrated.ok || migrated.error.message).toBe('no migration leads from format 0 to 1');
  });
});
