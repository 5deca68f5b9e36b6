import { type Command, type CommandContext, command, container, NO_KEYS } from '../command.ts';
import { createMatcher } from '../pattern.ts';
import { Push, type Reply, Several } from '../reply.ts';
import { subscriptions } from '../session.ts';

const FLAGS = ['pubsub', 'noscript'] as const;

const each =
  (act: (name: string, context: CommandContext) => Reply): Command['run'] =>
  ([, ...names], context) =>
    new Several(names.map((name) => act(name, context)));

/** Without names: from all of them. */
const leave =
  (
    kind: string,
    ofSession: (context: CommandContext) => ReadonlySet<string>,
    act: (name: string, context: CommandContext) => Reply,
  ): Command['run'] =>
  ([, ...given], context) => {
    const names = given.length > 0 ? given : [...ofSession(context)];
    if (names.length === 0) return new Push([kind, null, subscriptions(context.session)]);
    return new Several(names.map((name) => act(name, context)));
  };

const matching = (names: Iterable<string>, pattern: string | undefined): string[] => {
  const matches = pattern === undefined ? () => true : createMatcher(pattern);
  return [...names].filter(matches);
};

export const pubSubCommands: readonly Command[] = [
  command(
    'subscribe',
    -2,
    FLAGS,
    NO_KEYS,
    each((name, { server, session }) => server.pubsub.subscribe(session, name)),
  ),
  command(
    'psubscribe',
    -2,
    FLAGS,
    NO_KEYS,
    each((name, { server, session }) => server.pubsub.subscribePattern(session, name)),
  ),
  command(
    'ssubscribe',
    -2,
    FLAGS,
    NO_KEYS,
    each((name, { server, session }) => server.pubsub.subscribeShard(session, name)),
  ),
  command(
    'unsubscribe',
    -1,
    FLAGS,
    NO_KEYS,
    leave(
      'unsubscribe',
      ({ session }) => session.channels,
      (name, { server, session }) => server.pubsub.unsubscribe(session, name),
    ),
  ),
  command(
    'punsubscribe',
    -1,
    FLAGS,
    NO_KEYS,
    leave(
      'punsubscribe',
      ({ session }) => session.patterns,
      (name, { server, session }) => server.pubsub.unsubscribePattern(session, name),
    ),
  ),
  command(
    'sunsubscribe',
    -1,
    FLAGS,
    NO_KEYS,
    leave(
      'sunsubscribe',
      ({ session }) => session.shardChannels,
      (name, { server, session }) => server.pubsub.unsubscribeShard(session, name),
    ),
  ),
  command('publish', 3, ['pubsub', 'fast'], NO_KEYS, ([, channel = '', message = ''], { server }) =>
    server.pubsub.publish(channel, message),
  ),
  command('spublish', 3, ['pubsub', 'fast'], NO_KEYS, ([, channel = '', message = ''], { server }) =>
    server.pubsub.publishToShard(channel, message),
  ),
  container('pubsub', ['pubsub'], {
    channels: { arity: -2, run: ([, , pattern], { server }) => matching(server.pubsub.channels.keys(), pattern) },
    shardchannels: {
      arity: -2,
      run: ([, , pattern], { server }) => matching(server.pubsub.shardChannels.keys(), pattern),
    },
    numsub: {
      arity: -2,
      run: ([, , ...names], { server }) =>
        names.flatMap((name): Reply[] => [name, server.pubsub.channels.get(name)?.size ?? 0]),
    },
    shardnumsub: {
      arity: -2,
      run: ([, , ...names], { server }) =>
        names.flatMap((name): Reply[] => [name, server.pubsub.shardChannels.get(name)?.size ?? 0]),
    },
    numpat: { arity: 2, run: (_, { server }) => server.pubsub.patterns.size },
  }),
];
