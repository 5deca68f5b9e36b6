import { describe, expect, it } from 'vitest';
import { emptyDocument } from '../stores/document.ts';
import { addNode, connect } from '../stores/document-edits.ts';
import { refusal } from './connection-rules.ts';

const kinds = ['client', 'gateway', 'server', 'service', 'database'];
const document = kinds.reduce((grown, kind) => addNode(grown, kind, { x: 0, y: 0 }).document, emptyDocument());

describe('a connection on the canvas', () => {
  it.each([
    ['client', 'gateway'],
    ['gateway', 'service'],
    ['service', 'server'],
    ['server', 'database'],
  ])('from %s to %s is allowed', (source, target) => {
    expect(refusal(document, { source, target })).toBeNull();
  });

  it.each([
    ['client', 'database', /postgres.*http/],
    ['server', 'client', /accepts no calls/],
    ['database', 'server', /calls nothing/],
    ['service', 'service', /itself/],
    ['client', 'ghost', /no node/],
  ])('from %s to %s is refused with a sentence that says why', (source, target, why) => {
    const sentence = refusal(document, { source, target });
    expect(sentence).toMatch(why);
    expect(sentence).toMatch(/^[A-Z].*\.$/);
  });

  it('is refused twice the same way, but allowed back', () => {
    const connected = connect(document, 'server', 'service').document;
    expect(refusal(connected, { source: 'server', target: 'service' })).toMatch(/already/);
    expect(refusal(connected, { source: 'service', target: 'server' })).toBeNull();
  });
});
