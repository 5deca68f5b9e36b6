import { type Command, type CommandTable, known } from '../command.ts';
import { connectionCommands } from './connection.ts';
import { copyCommands } from './copies.ts';
import { expiryCommands } from './expiry.ts';
import { functionCommands } from './functions.ts';
import { hashCommands } from './hashes.ts';
import { keyCommands } from './keys.ts';
import { listCommands } from './lists.ts';
import { blockingListCommands } from './lists-blocking.ts';
import { pubSubCommands } from './pubsub.ts';
import { scriptCommands } from './scripts.ts';
import { serverCommands } from './server.ts';
import { setCommands } from './sets.ts';
import { sortedSetCommands } from './sorted-sets.ts';
import { blockingSortedSetCommands } from './sorted-sets-blocking.ts';
import { combinedSortedSetCommands } from './sorted-sets-combined.ts';
import { streamClaimCommands } from './stream-claims.ts';
import { streamGroupCommands } from './stream-groups.ts';
import { streamInfoCommands } from './stream-info.ts';
import { streamReadCommands } from './stream-reads.ts';
import { streamCommands } from './streams.ts';
import { stringCommands } from './strings.ts';
import { transactionCommands } from './transactions.ts';

/** One list for each family: a new family is one file here and one line below. */
const families: readonly (readonly Command[])[] = [
  connectionCommands,
  serverCommands,
  keyCommands,
  copyCommands,
  expiryCommands,
  stringCommands,
  hashCommands,
  listCommands,
  blockingListCommands,
  setCommands,
  sortedSetCommands,
  combinedSortedSetCommands,
  blockingSortedSetCommands,
  streamCommands,
  streamReadCommands,
  streamGroupCommands,
  streamClaimCommands,
  streamInfoCommands,
  pubSubCommands,
  transactionCommands,
  scriptCommands,
  functionCommands,
];

/** All commands by name; later ones replace those before. */
export const commandTable = (further: readonly Command[] = []): CommandTable =>
  new Map([...families.flat(), ...further].map((command) => [command.name, known(command)]));
