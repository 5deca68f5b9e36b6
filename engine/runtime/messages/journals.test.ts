import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createJournal } from '../../process-kit/messages/journal.ts';
import { createJournals, type Journals } from './journals.ts';

let directory: string;
let journals: Journals;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'archipel-journals-'));
  journals = createJournals(directory);
});
afterEach(() => {
  journals.close();
  rmSync(directory, { recursive: true });
});

test('what a process writes down is read once, in its order, over the ends of files', () => {
  const journal = createJournal({ directory, nodeId: 'shop', replica: 0 });
  const by = journal.publisher('shop-broker', ['jobs']);
  const key = 'x'.repeat(100_000);
  const ids = Array.from({ length: 90 }, () => journal.nextId());
  for (const id of ids.slice(0, 50)) journal.note({ type: 'sent', by, id, key });
  const first = journals.read();
  for (const id of ids.slice(50)) journal.note({ type: 'sent', by, id, key });
  const all = [...first, ...journals.read()];
  expect(all.flatMap(({ event }) => ('id' in event ? event.id : []))).toEqual(ids);
  expect(new Set(all.map(({ pid }) => pid))).toEqual(new Set([process.pid]));
  expect(journals.read()).toEqual([]);
  // What is read and closed is not kept.
  expect(readdirSync(directory)).toHaveLength(1);
});

test('a line is read when it is there whole', () => {
  const file = join(directory, 'shop.0.42.aaaaaaaa.000000.journal');
  appendFileSync(file, 'P\t1\tin\tjobs\ns\t1.000\t1\taaaaaaaa.0\tk');
  expect(journals.read().map(({ event }) => event.type)).toEqual(['publisher']);
  appendFileSync(file, 'ey\n');
  expect(journals.read().map(({ event }) => event)).toEqual([
    { type: 'sent', atMs: 1, by: 1, id: 'aaaaaaaa.0', key: 'key' },
  ]);
});
