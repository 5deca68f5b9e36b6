import type { Cut } from './define-cut.ts';
import type { Item, Stage, StageContext } from './stage.ts';

/** One direction of a connection that is cut and put together again. */
export interface CutStage extends Omit<Stage, 'update' | 'flush'> {
  down(how: Cut): void;
  up(): void;
}

/** What both directions share: whether something was lost, so that no byte after it may ever arrive. */
interface Losses {
  hasLost: boolean;
  isReset: boolean;
}

export function createCutStage({
  emit,
  now,
  count,
  reset: resetConnection,
  ofConnection,
}: Pick<StageContext<never>, 'emit' | 'now' | 'count' | 'reset' | 'ofConnection'>): CutStage {
  const losses = ofConnection<Losses>(() => ({ hasLost: false, isReset: false }));
  let how: Cut | null = null;
  let held: Item[] = [];
  let bytes = 0;

  const reset = (): void => {
    if (losses.isReset) return;
    losses.isReset = true;
    count('resetConnections');
    resetConnection();
  };

  return {
    down(next) {
      how = next;
      if (how === 'refuse') reset();
    },
    up() {
      how = null;
      // The bytes that follow would not make sense without those that are lost.
      if (losses.hasLost) return reset();
      for (const item of held.splice(0)) emit({ ...item, atMs: now() });
      bytes = 0;
    },
    push(item) {
      if (losses.isReset) return;
      if (how === null) return emit(item);
      const size = item.type === 'bytes' ? item.bytes.length : 0;
      if (how === 'black-hole') {
        losses.hasLost = true;
        count('swallowedBytes', size);
      } else {
        held.push(item);
        bytes += size;
        count('heldBytes', size);
      }
    },
    drop() {
      held = [];
      bytes = 0;
    },
    heldBytes: () => bytes,
  };
}
