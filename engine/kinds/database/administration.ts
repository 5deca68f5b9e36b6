import { ArchipelError } from '../../model/error.ts';
import { type Address, type Connection, connect, type Login } from './connection.ts';

/** Who a fault works as: the superuser of the engine, or the topology. */
type Role = 'engine' | 'topology';

interface Work {
  sql: string;
  values?: unknown[];
  as?: Role;
}

/** What a fault may ask of a PostgreSQL of ours, by name. Sessions stay open until they are closed, or end by themselves. */
type Orders = {
  /** Rows of a query on a connection of its own. */
  query(work: Work): Promise<unknown[]>;
  /** Opens a session, runs SQL in it and keeps it. Resolves with the rows of the SQL. */
  'open-session'(work: Work & { session: string }): Promise<unknown[]>;
  /** Rows of a query in an open session. */
  'in-session'(work: Work & { session: string }): Promise<unknown[]>;
  /** Ends it, and with it all that it held. */
  'close-session'(work: { session: string }): Promise<void>;
};

/** The engine's ways into a PostgreSQL of ours, for faults. All connections end with the signal. */
export function createAdministration(options: {
  address: Address;
  logins: Record<Role, Login>;
  signal: AbortSignal;
}): (name: string, payload: unknown) => Promise<unknown> {
  const { address, logins, signal } = options;
  const sessions = new Map<string, Connection>();

  const open = (as: Role = 'engine'): Promise<Connection> =>
    // Whatever a fault has set for all sessions, the engine's may write.
    connect(address, logins[as], signal, {
      name: 'archipel-fault',
      settings: as === 'engine' ? '-c default_transaction_read_only=off' : undefined,
    });
  const run = async ({ client }: Connection, { sql, values }: Work): Promise<unknown[]> =>
    [await client.query(sql, values)].flat().flatMap(({ rows }) => rows);

  const orders: Orders = {
    async query(work) {
      const connection = await open(work.as);
      try {
        return await run(connection, work);
      } finally {
        await connection.end();
      }
    },
    async 'open-session'({ session, ...work }) {
      const connection = await open(work.as);
      try {
        const rows = await run(connection, work);
        sessions.set(session, connection);
        return rows;
      } catch (error) {
        connection.destroy();
        throw error;
      }
    },
    async 'in-session'({ session, ...work }) {
      const connection = sessions.get(session);
      if (!connection?.usable())
        throw new ArchipelError('internal', `the session "${session}" has ended`, 'Put the fault on again.');
      return run(connection, work);
    },
    async 'close-session'({ session }) {
      await sessions.get(session)?.end();
      sessions.delete(session);
    },
  };

  return (name, payload) => {
    const order = (orders as unknown as Record<string, (payload: unknown) => Promise<unknown>>)[name];
    return order ? order(payload) : Promise.reject(new Error(`a database takes no call "${name}"`));
  };
}
