import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Act, StartAct } from '../faults/act.ts';
import { seededRandom } from '../faults/random.ts';
import { faultHooks } from './fault-hooks.ts';
import { trueNowMs } from './true-clock.ts';

/** Payload of the process kit's call `fault-on`. With the id of one that is on, it changes its parameters and its lease. */
export interface FaultOn {
  id: string;
  fault: string;
  parameters: unknown;
  seed: number;
  probability: number;
  /** Epoch milliseconds. The process takes the fault off by itself then. */
  expiresAtMs: number;
}

interface Active {
  act: Act<never>;
  lease: NodeJS.Timeout;
  /** What it had measured when it went. */
  ended?: Record<string, number>;
}

/** Few children ever meet a fault: the others need not read this file. */
const loadActs = (): Readonly<Record<string, StartAct<never>>> =>
  createRequire(__filename)(join(__dirname, 'acts.cjs')).acts;

const active = new Map<string, Active>();
/** By id, what faults that are over have measured; the newest few. */
const over = new Map<string, Record<string, number>>();
const REMEMBERED = 32;

const stop = async (id: string): Promise<void> => {
  const found = active.get(id);
  if (!found) return;
  active.delete(id);
  clearTimeout(found.lease);
  over.set(id, found.act.measured?.() ?? {});
  if (over.size > REMEMBERED) over.delete(over.keys().next().value as string);
  await found.act.stop();
  // What it gave back as it went shows, too.
  over.set(id, found.act.measured?.() ?? {});
};

const leaseUntil = (id: string, expiresAtMs: number): NodeJS.Timeout =>
  setTimeout(() => void stop(id), Math.max(0, expiresAtMs - trueNowMs()));

/** Calls that every program answers: faults that act inside it. Each holds its own lease, whatever becomes of the engine. */
export const faultCalls = {
  async 'fault-on'({ id, fault, parameters, seed, probability, expiresAtMs }: FaultOn): Promise<void> {
    const known = active.get(id);
    if (known) {
      clearTimeout(known.lease);
      known.lease = leaseUntil(id, expiresAtMs);
      known.act.update?.(parameters as never);
      return;
    }
    const start = loadActs()[fault];
    if (!start) throw new Error(`no fault "${fault}" can act in this program`);
    const act = await start({
      parameters: parameters as never,
      probability,
      random: seededRandom(seed),
      hooks: faultHooks,
    });
    active.set(id, { act, lease: leaseUntil(id, expiresAtMs) });
  },
  'fault-off': ({ id }: { id: string }): Promise<void> => stop(id),
  /** While it is on, and for a while after. */
  'fault-measured': ({ id }: { id: string }): { on: boolean; measured: Record<string, number> | null } => ({
    on: active.has(id),
    measured: active.get(id)?.act.measured?.() ?? over.get(id) ?? null,
  }),
};
