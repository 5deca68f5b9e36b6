import type { MethodArguments, MethodName } from '../protocol/methods.ts';
import type { Channel } from '../session/channel.ts';

/** What methods do on a channel that is open. An `AmqpError` that one throws ends the channel, or the connection. */
export type Commands = {
  readonly [Name in MethodName]?: (channel: Channel, args: MethodArguments<Name>) => void;
};
