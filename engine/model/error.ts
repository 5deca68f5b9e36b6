import type { DocumentError } from './definition.ts';

/** Every error code of Archipel, with what it means. `docs/errors.md` documents each. */
export const errorCodes = {
  'document-invalid': 'A document does not hold what the format asks for.',
  'document-unreadable': 'A document file cannot be read, or is no JSON.',
  'document-conflict': 'The file changed on disk since it was opened.',
  'document-untrusted': 'A document holds code that the user has not trusted.',
  'file-unwritable': 'A file cannot be written.',
  'not-found': 'Something named does not exist.',
  'wrong-state': 'The engine cannot do that now.',
  stopped: 'What was under way was stopped because somebody asked for it.',
  'start-failed': 'A process did not start or did not become ready.',
  'fault-impossible': 'A fault cannot act on this target or on this operating system.',
  'database-unavailable': 'PostgreSQL cannot be started or reached.',
  'redis-unavailable': 'A redis-server cannot be found, started or reached.',
  'kafka-unavailable': 'An Apache Kafka cannot be found, started or reached.',
  'rabbitmq-unavailable': 'A rabbitmq-server cannot be found, started or reached.',
  'port-unavailable': 'A port on 127.0.0.1 cannot be opened.',
  'address-invalid': 'An address cannot be used for what it was given for.',
  'window-unavailable': 'The desktop window cannot be opened on this machine.',
  'engine-unreachable': 'A front door lost the engine, or it runs and does not answer.',
  internal: 'A defect of Archipel.',
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** An error for a person: what and why in `message`, then the next step. */
export class ArchipelError extends Error {
  readonly code: ErrorCode;
  readonly nextStep: string;
  /** All problems of a document, when the code is `document-invalid`. */
  readonly errors: DocumentError[];

  constructor(
    code: ErrorCode,
    message: string,
    nextStep: string,
    options: { cause?: unknown; errors?: DocumentError[] } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'ArchipelError';
    this.code = code;
    this.nextStep = nextStep;
    this.errors = options.errors ?? [];
  }
}

/** Any thrown thing as an `ArchipelError`. */
export function toArchipelError(error: unknown): ArchipelError {
  if (error instanceof ArchipelError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new ArchipelError('internal', message, 'Please report this with the log of the engine.', { cause: error });
}
