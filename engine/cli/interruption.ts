const codes: Partial<Record<NodeJS.Signals, number>> = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };
const BROKEN_PIPE = 141;

/** Turns the first signal of the user into an orderly end, and the second into an end at once. */
export interface Interruption {
  signal: AbortSignal;
  /** What the command ends with, once it is interrupted. */
  exitCode(): number;
  [Symbol.dispose](): void;
}

export function watchInterruption(onFirst: () => void): Interruption {
  const controller = new AbortController();
  let exitCode = 0;
  const interrupt = (code: number): void => {
    // The guardian ends what is left, within moments.
    if (controller.signal.aborted) process.exit(code);
    exitCode = code;
    onFirst();
    controller.abort();
  };
  const handlers = Object.entries(codes).map(
    ([signal, code]) => [signal as NodeJS.Signals, () => interrupt(code)] as const,
  );
  for (const [signal, handler] of handlers) process.on(signal, handler);
  // Whoever read our output is gone, as with `| head`.
  const brokenPipe = (): void => {
    if (!controller.signal.aborted) interrupt(BROKEN_PIPE);
  };
  process.stdout.on('error', brokenPipe);
  return {
    signal: controller.signal,
    exitCode: () => exitCode,
    [Symbol.dispose]() {
      for (const [signal, handler] of handlers) process.off(signal, handler);
      process.stdout.off('error', brokenPipe);
    },
  };
}

/** The result, or null when the user interrupts first. What is under way then goes on; its outcome is nobody's concern. */
export async function unlessInterrupted<Result>(
  work: Promise<Result>,
  { signal }: Interruption,
): Promise<Result | null> {
  work.catch(() => {});
  let stop = (): void => {};
  const interrupted = new Promise<null>((resolve) => {
    stop = () => resolve(null);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, interrupted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
