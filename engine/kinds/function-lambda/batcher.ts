/** Gathers messages, and hands them on in batches. */
export interface Batcher<Item> {
  /** Resolves when the batch that it came into is through; rejects where it, or this item of it, failed. */
  add(item: Item): Promise<void>;
  /** Nothing is waited for any more: what is there goes on at once. */
  hurry(): void;
}

export interface BatcherOptions<Item> {
  size: number;
  /** How long the first of a batch waits for others. */
  windowMs: number;
  /** Batches at once. */
  concurrency: number;
  /** Never rejects. What is in the map failed, and why. */
  handle(batch: readonly Item[]): Promise<ReadonlyMap<Item, Error>>;
}

interface Waiting<Item> {
  item: Item;
  resolve(): void;
  reject(error: Error): void;
}

export function createBatcher<Item>({ size, windowMs, concurrency, handle }: BatcherOptions<Item>): Batcher<Item> {
  const waiting: Waiting<Item>[] = [];
  let running = 0;
  let isHurried = false;
  let isDue = false;
  let timer: NodeJS.Timeout | undefined;

  const run = async (batch: readonly Waiting<Item>[]): Promise<void> => {
    running += 1;
    const failed = await handle(batch.map(({ item }) => item));
    running -= 1;
    for (const { item, resolve, reject } of batch) {
      const error = failed.get(item);
      if (error) reject(error);
      else resolve();
    }
    next();
  };

  const next = (): void => {
    while (waiting.length > 0 && running < concurrency && (isDue || isHurried || waiting.length >= size)) {
      clearTimeout(timer);
      timer = undefined;
      isDue = false;
      void run(waiting.splice(0, size));
    }
    if (waiting.length > 0 && !isDue && timer === undefined)
      timer = setTimeout(() => {
        timer = undefined;
        isDue = true;
        next();
      }, windowMs);
  };

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        next();
      }),
    hurry() {
      isHurried = true;
      next();
    },
  };
}
