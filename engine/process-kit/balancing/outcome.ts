/**
 * How an attempt ended, as far as it tells something about the replica: `unreachable` is a connection that was refused or
 * reset, or no answer in time; `failed` is an answer with a status of 500 and above. `unknown` is one that the caller gave
 * up by itself.
 */
export type Outcome = 'ok' | 'failed' | 'unreachable' | 'unknown';
