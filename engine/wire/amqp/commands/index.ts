import { commandInvalid, notImplemented } from '../protocol/errors.ts';
import type { Method, MethodArguments, MethodName } from '../protocol/methods.ts';
import type { Channel } from '../session/channel.ts';
import { basicCommands } from './basic.ts';
import type { Commands } from './command.ts';
import { exchangeCommands } from './exchange.ts';
import { queueCommands } from './queue.ts';
import { transactionCommands } from './transactions.ts';

const channelCommands: Commands = {
  'channel.flow'(channel, { active }) {
    if (!active) throw notImplemented('active=false');
    channel.send('channel.flow-ok', { active: true });
  },
  'access.request': (channel) => channel.send('access.request-ok', {}),
};

const commands: Commands = {
  ...channelCommands,
  ...exchangeCommands,
  ...queueCommands,
  ...basicCommands,
  ...transactionCommands,
};

/** Does what a method asks for on a channel that is open. */
export function execute(channel: Channel, { name }: Method, args: MethodArguments<MethodName>): void {
  const command = commands[name] as ((channel: Channel, args: MethodArguments<MethodName>) => void) | undefined;
  if (!command) throw commandInvalid('unimplemented method');
  command(channel, args);
}
