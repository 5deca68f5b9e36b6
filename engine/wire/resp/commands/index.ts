import type { Command, CommandTable } from '../command.ts';
import { connectionCommands } from './connection.ts';
import { expiryCommands } from './expiry.ts';
import { keyCommands } from './keys.ts';
import { serverCommands } from './server.ts';
import { stringCommands } from './strings.ts';

/** One list for each family: a new family is one file here and one line below. Later ones replace those before, by name. */
export const commandTable = (further: readonly Command[] = []): CommandTable =>
  new Map(
    [...connectionCommands, ...serverCommands, ...keyCommands, ...expiryCommands, ...stringCommands, ...further].map(
      (command) => [command.name, command],
    ),
  );
