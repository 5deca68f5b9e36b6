/** Why a message was dead-lettered, in RabbitMQ's words. */
export type DeathReason = 'rejected' | 'expired' | 'maxlen' | 'delivery_limit';

/** What became of a message that a queue let go by its own rules. */
export type Fate = 'dropped' | 'expired' | 'dead-lettered';

/**
 * What became of messages, since the queue was made or the server began. At any time
 * `published + recovered = acknowledged + deadLettered + expired + dropped + rejected + purged + ready + unacked`.
 */
export interface QueueCounters {
  /** Put into the queue, by publishers and from other queues. */
  published: number;
  /** Brought back from the log when the server began. */
  recovered: number;
  /** Handed to consumers and by `basic.get`, each time. */
  delivered: number;
  /** Of these, those that had been handed out before. */
  redelivered: number;
  /** Done: acknowledged, or delivered to someone who does not acknowledge. */
  acknowledged: number;
  /** Put back to where they were. */
  requeued: number;
  /** Sent to the dead-letter exchange, by reason. */
  deadLettered: Record<DeathReason, number>;
  /** Over their time, where there is no dead-letter exchange. */
  expired: number;
  /** Dropped for want of room, where there is no dead-letter exchange. */
  dropped: number;
  /** Rejected, or returned too often, where there is no dead-letter exchange. */
  rejected: number;
  purged: number;
  /** Publishes that were turned down for want of room (`reject-publish`); with `-dlx` also among the dead-lettered. */
  refused: number;
}

export const newCounters = (): QueueCounters => ({
  published: 0,
  recovered: 0,
  delivered: 0,
  redelivered: 0,
  acknowledged: 0,
  requeued: 0,
  deadLettered: { rejected: 0, expired: 0, maxlen: 0, delivery_limit: 0 },
  expired: 0,
  dropped: 0,
  rejected: 0,
  purged: 0,
  refused: 0,
});

const WINDOW_S = 5;

/** How fast a queue's counters go up, over the last whole seconds. */
export class Rates {
  readonly #counters: QueueCounters;
  readonly #samples: { published: number; delivered: number }[] = [];

  constructor(counters: QueueCounters) {
    this.#counters = counters;
  }

  /** Once a second. */
  sample(): void {
    const { published, delivered } = this.#counters;
    this.#samples.push({ published, delivered });
    if (this.#samples.length > WINDOW_S + 1) this.#samples.shift();
  }

  get perSecond(): { published: number; delivered: number } {
    const [first] = this.#samples;
    const last = this.#samples[this.#samples.length - 1];
    const seconds = this.#samples.length - 1;
    if (!first || !last || seconds === 0) return { published: 0, delivered: 0 };
    return {
      published: (last.published - first.published) / seconds,
      delivered: (last.delivered - first.delivered) / seconds,
    };
  }
}
