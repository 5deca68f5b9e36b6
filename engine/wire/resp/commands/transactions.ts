import { type Command, type CommandContext, command, NO_KEYS } from '../command.ts';
import { RespError } from '../errors.ts';
import { call, errorReply, findCommand } from '../execute.ts';
import { NULL_ARRAY, OK, type Reply } from '../reply.ts';

const FLAGS = ['noscript', 'fast'] as const;

function runQueued(context: CommandContext): Reply {
  const { server, session } = context;
  const { queued } = session.transaction as NonNullable<typeof session.transaction>;
  session.transaction = null;
  const replies: Reply[] = [];
  server.log?.begin();
  server.keyspace.freeze(server.keyspace.now());
  try {
    for (const args of queued) {
      // SELECT may be among them.
      const database = server.keyspace.database(session.database);
      const inside: CommandContext = { server, session, database, mayWait: false, logged: null };
      try {
        replies.push(call(findCommand(server, args[0] as string) as Command, args, inside) as Reply);
      } catch (error) {
        replies.push(errorReply(error));
      }
    }
  } finally {
    server.keyspace.freeze(null);
    server.log?.end();
  }
  context.logged = [];
  return replies;
}

/** A key that was there when it was watched, and whose time is over by now, counts as another too. */
const isStale = ({ server, session }: CommandContext): boolean =>
  session.watched.some(({ database, key, existed }) => existed && !server.keyspace.database(database).peek(key)) ||
  session.stale;

export const transactionCommands: readonly Command[] = [
  command('multi', 1, [...FLAGS], NO_KEYS, (_, { session }) => {
    if (session.transaction) throw new RespError('ERR MULTI calls can not be nested');
    session.transaction = { queued: [], failed: false };
    return OK;
  }),
  command('exec', 1, ['noscript'], NO_KEYS, (_, context) => {
    const { server, session } = context;
    const { transaction } = session;
    if (!transaction) throw new RespError('ERR EXEC without MULTI');
    const stale = isStale(context);
    server.watches.unwatch(session);
    if (transaction.failed || stale) {
      session.transaction = null;
      if (transaction.failed) throw new RespError('EXECABORT Transaction discarded because of previous errors.');
      return NULL_ARRAY;
    }
    return runQueued(context);
  }),
  command('discard', 1, FLAGS, NO_KEYS, (_, { server, session }) => {
    if (!session.transaction) throw new RespError('ERR DISCARD without MULTI');
    session.transaction = null;
    server.watches.unwatch(session);
    return OK;
  }),
  command('watch', -2, FLAGS, [1, -1, 1], ([, ...keys], { server, session, database }) => {
    if (session.transaction) throw new RespError('ERR WATCH inside MULTI is not allowed');
    for (const key of keys) server.watches.watch(session, database, key);
    return OK;
  }),
  command('unwatch', 1, FLAGS, NO_KEYS, (_, { server, session }) => {
    server.watches.unwatch(session);
    return OK;
  }),
];
