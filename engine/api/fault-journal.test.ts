import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEngine } from './create-engine.ts';
import type { Engine } from './engine.ts';
import { documentOf, edge, node, route } from './fixtures.ts';

let directory: string;
let engine: Engine;
const dataBefore = process.env.ARCHIPEL_DATA;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'archipel-journal-'));
  process.env.ARCHIPEL_DATA = directory;
  engine = await createEngine();
});
afterEach(async () => {
  await engine.close();
  if (dataBefore === undefined) delete process.env.ARCHIPEL_DATA;
  else process.env.ARCHIPEL_DATA = dataBefore;
  await rm(directory, { recursive: true, force: true });
});

const document = documentOf({
  nodes: [node('visitors', 'client'), node('shop', 'service', { routes: [route('/')] })],
  edges: [edge('visitors', 'shop')],
  scenarios: [
    {
      name: 'calm',
      traffic: [{ executor: 'constant-arrival-rate', client: 'visitors', ratePerSec: 50, routes: [{ path: '/' }] }],
    },
  ],
});

test('the record of a run holds every turn, end and proof of each fault, and what a mystery was', async () => {
  await engine.startTopology(document);
  const [scenario] = document.scenarios;
  await engine.startTraffic({ scenario: scenario as NonNullable<typeof scenario>, durationMs: null });
  // Turns shorter than the distance of two live pictures.
  const flapping = await engine.injectFault({
    fault: 'latency',
    target: { edge: 'visitors-shop' },
    parameters: { latencyMs: 5 },
    schedule: { type: 'every', periodMs: 120, onMs: 40 },
    leaseMs: 60_000,
  });
  const turns = (): number => engine.frame().faults.find(({ id }) => id === flapping.id)?.activations ?? 0;
  await expect.poll(turns, { timeout: 20_000 }).toBeGreaterThan(7);
  const { activations } = await engine.clearFault({ id: flapping.id });
  const mystery = await engine.injectFault({
    fault: 'mystery',
    target: { node: 'shop', replica: 0 },
    parameters: { families: ['process'], eachMs: 60_000 },
    leaseMs: 60_000,
  });
  await expect
    .poll(() => engine.frame().faults.find(({ id }) => id === mystery.id)?.proofOfEffect, { timeout: 20_000 })
    .not.toBeNull();
  const { parts = [] } = await engine.clearFault({ id: mystery.id });
  const { record } = await engine.stopTraffic();

  const { events, summary } = await engine.records.open(record as string);
  const told = events.filter(({ type }) => type === 'fault').map(({ text }) => text);
  const numbered = Array.from({ length: activations }, (_, index) => `${flapping.id} turn ${index + 1}`);
  expect(told.filter((text) => / turn \d+$/.test(text))).toEqual(numbered);
  for (const fault of [flapping, mystery])
    for (const stage of [' on ', ' effect ', ' off (cleared)', ' removal '])
      expect(told.filter((text) => text.startsWith(`${fault.id}${stage}`))).toHaveLength(1);
  expect(parts).toHaveLength(1);
  const place = `${mystery.id}: ${parts[0]?.fault} on shop#0`;
  for (const stage of [' {', ': effect ', ': off', ': removal '])
    expect(told.filter((text) => text.startsWith(`${place}${stage}`))).toHaveLength(1);
  // Nothing of it was written down before it was over.
  const over = told.findIndex((text) => text.startsWith(`${mystery.id} off`));
  expect(told.findIndex((text) => text.startsWith(place))).toBeGreaterThan(over);
  expect(summary.manifest?.cost?.cpuMs).toBeGreaterThan(0);
}, 60_000);
