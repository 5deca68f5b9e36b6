import { beforeEach, describe, expect, it } from 'vitest';
import { closeStep, edit, emptyDocument, redo, replaceDocument, undo, useDocument } from './document.ts';

const name = () => useDocument.getState().document.name;
const rename = (to: string, step?: string) => edit((document) => ({ ...document, name: to }), { step });

describe('the document store', () => {
  beforeEach(() => replaceDocument({ ...emptyDocument(), name: 'start' }));

  it('undoes and redoes one edit at a time', () => {
    rename('a');
    rename('b');
    undo();
    expect(name()).toBe('a');
    undo();
    expect(name()).toBe('start');
    redo();
    redo();
    expect(name()).toBe('b');
  });

  it('takes typing in one field as one step', () => {
    for (const text of ['h', 'he', 'hel']) rename(text, 'name');
    undo();
    expect(name()).toBe('start');
    redo();
    expect(name()).toBe('hel');
  });

  it('begins a new step when the field was left in between, or another edit came', () => {
    rename('a', 'name');
    closeStep();
    rename('ab', 'name');
    edit((document) => ({ ...document, description: 'x' }));
    rename('abc', 'name');
    undo();
    expect(name()).toBe('ab');
    undo();
    undo();
    expect(name()).toBe('a');
  });

  it('begins a new step after an undo, so that what was undone is not mixed with what follows', () => {
    rename('a', 'name');
    undo();
    rename('b', 'name');
    undo();
    expect(name()).toBe('start');
    redo();
    expect(name()).toBe('b');
  });

  it('forgets the history of the document before', () => {
    rename('a');
    replaceDocument({ ...emptyDocument(), name: 'other' });
    undo();
    expect(name()).toBe('other');
  });

  it('adds no step for an edit that changes nothing', () => {
    rename('a');
    edit((document) => document);
    undo();
    expect(name()).toBe('start');
  });

  it('returns to the very object that was saved, so that undoing clears the unsaved mark', () => {
    const saved = useDocument.getState().document;
    rename('a');
    undo();
    expect(useDocument.getState().document).toBe(saved);
  });
});
