import { createRecording, type Recording } from '../metrics/recording.ts';
import { createScriptedClient, type Outcome } from '../metrics/scripted-client.fixture.ts';

export const START_MS = 1_700_000_000_000;
export const allTime = { fromMs: START_MS, toMs: START_MS + 10_000 };
export const ok: Outcome = { type: 'ok', latencyMs: 10 };
export const failed: Outcome = { type: 'failed', failure: 'refused@shop', afterMs: 1 };

/** Ten seconds of 100 requests per second; `outcome` gets the milliseconds since the start. */
export function recordTraffic(outcome: (sinceMs: number, route: number) => Outcome, ratePerSec = 100): Recording {
  const client = createScriptedClient({
    startedAtMs: START_MS,
    ratePerSec,
    routes: ['GET /orders', 'GET /users'],
    outcome: ({ atMs, route }) => outcome(Math.round(atMs - START_MS), route),
  });
  client.stop(START_MS + 10_000);
  const recording = createRecording([client.source]);
  for (let atMs = START_MS + 100; atMs <= START_MS + 13_000; atMs += 100)
    recording.add('visitors', client.frameAt(atMs), atMs);
  return recording;
}
