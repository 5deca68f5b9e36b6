/** Bytes that are not what their codec makes, or become too many. */
export class CompressionError extends Error {
  override name = 'CompressionError';

  constructor(codec: string, options?: ErrorOptions) {
    super(`records that are no ${codec}, or too much of it`, options);
  }
}
