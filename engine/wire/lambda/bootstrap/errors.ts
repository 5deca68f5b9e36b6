import type { FunctionError } from '../protocol.ts';

/** An error of the runtime itself, with a name that callers know. */
export class RuntimeError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** Whatever was thrown, as the Runtime API wants to be told of it. */
export function describeError(thrown: unknown): FunctionError {
  if (thrown instanceof Error)
    return {
      errorType: thrown.name,
      errorMessage: thrown.message,
      trace: (thrown.stack ?? '').split('\n'),
    };
  return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
}
