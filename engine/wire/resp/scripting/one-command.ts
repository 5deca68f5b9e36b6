import type { CommandContext } from '../command.ts';
import type { Reply } from '../reply.ts';

/** Runs a script as one command: time stands still meanwhile, and its writes are one transaction of the log. */
export function asOneCommand(context: CommandContext, run: (inside: CommandContext) => Reply): Reply {
  const { server, session, database } = context;
  const { keyspace } = server;
  const frozen = keyspace.isFrozen;
  if (!frozen) keyspace.freeze(keyspace.now());
  server.log?.begin();
  try {
    return run({
      ...{ server, database, mayWait: false, logged: null },
      session: { ...session, protocol: 2, transaction: null },
    });
  } finally {
    server.log?.end();
    if (!frozen) keyspace.freeze(null);
    context.logged = [];
  }
}
