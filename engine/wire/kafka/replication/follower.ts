import type { Replica } from './replica.ts';

/** Kafka's `replica.fetch.max.bytes`. */
const MAX_BYTES = 1024 * 1024;
const RETRY_MS = 50;

/** Makes one replica follow its leader: copies its batches as they are, and tells it how far it has come. */
export class Follower {
  readonly #replica: Replica;
  readonly #leader: () => Replica | null;
  readonly #isPaused: () => boolean;
  #isOver = false;
  #isScheduled = false;
  #hasTruncated = false;
  #unlisten: (() => void) | null = null;
  #unlistenOwn: (() => void) | null = null;
  #timer: NodeJS.Timeout | null = null;

  /** `leader`: where the leader's replica is to be had, if it is there. `isPaused`: as if the leader could not be reached. */
  constructor(options: { replica: Replica; leader: () => Replica | null; isPaused: () => boolean }) {
    this.#replica = options.replica;
    this.#leader = options.leader;
    this.#isPaused = options.isPaused;
    this.schedule();
  }

  /** What was appended in one turn of the event loop is fetched at once. */
  schedule(): void {
    if (this.#isScheduled || this.#isOver) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      if (!this.#isOver) this.#fetch();
    });
  }

  end(): void {
    this.#isOver = true;
    this.#unlisten?.();
    this.#unlistenOwn?.();
    if (this.#timer) clearTimeout(this.#timer);
  }

  #fetch(): void {
    const leader = this.#leader();
    if (!leader?.isLeader || this.#isPaused()) {
      this.#timer ??= setTimeout(() => {
        this.#timer = null;
        this.schedule();
      }, RETRY_MS).unref();
      return;
    }
    const { log } = this.#replica;
    if (!this.#hasTruncated) this.#truncate(leader);
    // The leader has deleted what comes next.
    if (log.endOffset < leader.log.startOffset) log.restartAt(leader.log.startOffset);
    try {
      for (const bytes of leader.log.read(log.endOffset, leader.log.endOffset, MAX_BYTES, true))
        log.appendAsFollower(bytes);
    } catch {
      // The disk of this broker fails: it falls out of sync, and stays so.
      return;
    }
    leader.followerIsAt(this.#replica.brokerId, log.confirmableEnd);
    // That it has come so far may have been the last that a move of the partition waited for.
    if (this.#isOver) return;
    this.#unlistenOwn?.();
    // What is not on the disk here yet is told when it is.
    this.#unlistenOwn = log.confirmableEnd < log.endOffset ? this.#replica.onceChanged(() => this.schedule()) : null;
    log.advanceHighWatermark(leader.log.highWatermark);
    log.deleteBefore(leader.log.startOffset);
    if (log.endOffset < leader.log.endOffset) this.schedule();
    else {
      this.#unlisten?.();
      this.#unlisten = leader.onceChanged(() => this.schedule());
    }
  }

  /** Takes back what a leader before wrote here and the leader of now has not. */
  #truncate(leader: Replica): void {
    const { log } = this.#replica;
    for (;;) {
      const epoch = log.epochs.latest;
      const end = epoch < 0 ? null : leader.log.epochs.endOf(epoch, leader.log.endOffset);
      const to = Math.min(log.endOffset, end?.endOffset ?? log.highWatermark);
      log.truncateTo(to);
      if (!end || end.epoch === epoch || log.epochs.latest === epoch) break;
    }
    this.#hasTruncated = true;
  }
}
