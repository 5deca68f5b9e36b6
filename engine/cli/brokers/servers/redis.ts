/* What `archipel broker redis` runs: a file of its own in dist/, which no other command reads. */
export { DamagedLogError } from '../../../wire/resp/persistence/recover.ts';
export { createServer } from '../../../wire/resp/server.ts';
export { keepPausesShort } from '../../../wire/short-pauses.ts';
