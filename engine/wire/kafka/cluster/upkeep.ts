import { compact, isWorthCompacting } from '../log/compaction.ts';
import type { Log } from '../log/log.ts';
import type { BrokerContext } from './context.ts';

/** Compaction goes on for so long, and then lets others have their turn. */
const SLICE_MS = 5;
const CHECKPOINT_INTERVAL_MS = 5000;
const GROUP_EXPIRY_INTERVAL_MS = 60_000;
const TRANSACTION_EXPIRY_INTERVAL_MS = 1000;

/** What a broker does without being asked. */
export class Upkeep {
  readonly #broker: BrokerContext;
  readonly #timers: NodeJS.Timeout[] = [];
  #isCompacting = false;
  #isOver = false;

  constructor(broker: BrokerContext) {
    this.#broker = broker;
    const { settings } = broker.cluster;
    this.#every(settings.retentionCheckIntervalMs, () => {
      for (const { log } of broker.replicas.all()) log.applyRetention();
    });
    this.#every(settings.compactionCheckIntervalMs, () => void this.#compact());
    this.#every(settings.replicaLagMaxMs / 2, () => {
      for (const replica of broker.replicas.all()) replica.shrinkIsr(settings.replicaLagMaxMs);
    });
    this.#every(CHECKPOINT_INTERVAL_MS, () => {
      for (const { log } of broker.replicas.all()) log.writeHighWatermark();
    });
    this.#every(GROUP_EXPIRY_INTERVAL_MS, () => broker.groups.expire(settings.offsetsRetentionMs));
    this.#every(TRANSACTION_EXPIRY_INTERVAL_MS, () => broker.transactions.expire());
  }

  end(): void {
    this.#isOver = true;
    for (const timer of this.#timers) clearInterval(timer);
  }

  #every(intervalMs: number, work: () => void): void {
    this.#timers.push(setInterval(work, intervalMs).unref());
  }

  async #compact(): Promise<void> {
    if (this.#isCompacting) return;
    this.#isCompacting = true;
    try {
      for (const { log } of [...this.#broker.replicas.all()])
        if (log.settings.isCompacted && isWorthCompacting(log)) await this.#compactOne(log);
    } finally {
      this.#isCompacting = false;
    }
  }

  async #compactOne(log: Log): Promise<void> {
    const steps = compact(log, this.#broker.cluster.now());
    for (;;) {
      const untilMs = performance.now() + SLICE_MS;
      while (performance.now() < untilMs) if (this.#isOver || steps.next().done) return;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
