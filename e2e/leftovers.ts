import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import {
  commandOf,
  environmentOf,
  isAlive,
  listeningPorts,
  portsOf,
  processesWith,
  withDescendants,
} from './processes.ts';

const MARK = 'ARCHIPEL_E2E';

/** Everything that one start of Archipel brings into being, and whether it is gone afterwards. */
export interface Traces {
  /** Marks each process of this start, and gives it a temporary directory of its own. */
  env: Record<string, string>;
  /** Living processes of this start, by command line. */
  processes(): Map<number, string>;
  /** Takes note of what there is now; `expectNothingLeft` then knows its ports. */
  note(): { processes: number; ports: number };
  expectNothingLeft(withinMs: number): Promise<void>;
  remove(): void;
}

export function createTraces(): Traces {
  const mark = randomUUID();
  const temporary = mkdtempSync(join(tmpdir(), 'e2e-'));
  // PostgreSQL runs as another user where we are root, and has to pass through.
  chmodSync(temporary, 0o755);
  const runIds = new Set<string>();
  const known = new Set<number>();
  const ports = new Set<number>();

  const processes = (): Map<number, string> => {
    const marked = processesWith(MARK, mark);
    for (const pid of marked) {
      const runId = environmentOf(pid).ARCHIPEL_RUN;
      if (runId) runIds.add(runId);
    }
    const all = [...marked, ...[...runIds].flatMap((runId) => processesWith('ARCHIPEL_RUN', runId))];
    for (const pid of withDescendants(all)) known.add(pid);
    return new Map([...known].filter(isAlive).map((pid) => [pid, commandOf(pid)]));
  };

  const left = () => ({
    processes: [...processes()].map(([pid, command]) => `${pid} ${command}`),
    ports: listeningPorts().filter((port) => ports.has(port)),
    directories: readdirSync(temporary).filter((name) => name.startsWith('archipel-')),
  });

  return {
    env: { [MARK]: mark, TMPDIR: temporary, ARCHIPEL_DATA: join(temporary, 'data'), ARCHIPEL_MAX_HOST_CPU: '101' },
    processes,
    note() {
      const now = processes();
      for (const pid of now.keys()) for (const port of portsOf(pid)) ports.add(port);
      return { processes: now.size, ports: ports.size };
    },
    expectNothingLeft: (withinMs) =>
      expect.poll(left, { timeout: withinMs, intervals: [50] }).toEqual({ processes: [], ports: [], directories: [] }),
    remove: () => rmSync(temporary, { recursive: true, force: true }),
  };
}
