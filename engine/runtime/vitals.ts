import type { Foreign, Launch } from './launch.ts';
import { createTreeSampler, type TreeSampler } from './tree-sampler.ts';

/** Programs of ours send a frame several times a second; silence for this long means that their event loop hangs. */
const SILENCE_MS = 1_000;
/** Foreign programs tell nothing: they are asked this often. */
const ASK_MS = 1_000;

/** Signs of life of one replica, and what a foreign program is seen to use. */
export interface Vitals {
  /** It has shown that it lives. */
  sign(): void;
  /** It has shown that it lives a moment ago: nothing has stopped it. */
  isHeard(): boolean;
  /** A foreign program runs under this pid, with its children. */
  sample(pid: number): void;
  ended(): void;
  /** Judges it, now or once a foreign program has answered; null: it is well. */
  check(judge: (problem: string | null) => void): void;
  /** Of a foreign program; zeros for ours, whose frames are summed up elsewhere. */
  usage(): { cpu: number; rssBytes: number };
  sampled(): { cpuUs: number; rssBytes: number } | null;
  measured(): Foreign;
}

export function createVitals(launch: Launch, healthy: (timeoutMs: number) => Promise<boolean>): Vitals {
  let lastSignAtMs = 0;
  let asking = false;
  let sampler: TreeSampler | null = null;
  let usage = { cpu: 0, rssBytes: 0 };
  let sampled: { cpuUs: number; rssBytes: number } | null = null;
  let measured: Foreign = {};

  return {
    sign() {
      lastSignAtMs = Date.now();
    },
    isHeard: () => launch.type === 'node' && Date.now() - lastSignAtMs < SILENCE_MS / 2,
    sample(pid) {
      sampler = createTreeSampler(pid);
    },
    ended() {
      usage = { cpu: 0, rssBytes: 0 };
    },
    check(judge) {
      const silentMs = Date.now() - lastSignAtMs;
      if (launch.type === 'node') {
        judge(silentMs > SILENCE_MS ? 'its event loop has not answered for over a second' : null);
        return;
      }
      if (asking || silentMs < ASK_MS) return;
      asking = true;
      void sampler?.sample().then(({ cpu, cpuUs, rssBytes }) => {
        usage = { cpu, rssBytes };
        sampled = { cpuUs, rssBytes };
      });
      void launch.measure?.().then((newest) => {
        measured = newest;
      });
      void healthy(ASK_MS).then((isHealthy) => {
        asking = false;
        lastSignAtMs = Date.now();
        judge(isHealthy ? null : `did not answer its health check within ${ASK_MS} ms`);
      });
    },
    usage: () => usage,
    sampled: () => sampled,
    measured: () => measured,
  };
}
