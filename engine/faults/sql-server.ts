import { ArchipelError } from '../model/error.ts';
import type { ProcessTarget } from './inject.ts';

/** Who the SQL runs as: the engine's superuser, or the topology, as its callers do. */
interface Work {
  sql: string;
  values?: unknown[];
  as?: 'engine' | 'topology';
}

/** A PostgreSQL of ours, as faults act on it. */
export interface SqlServer {
  query<Row>(work: Work): Promise<Row[]>;
  /** A session that stays open until it is closed or ends by itself. Resolves with the rows of its SQL. */
  openSession<Row>(session: string, work: Work): Promise<Row[]>;
  inSession<Row>(session: string, work: Work): Promise<Row[]>;
  closeSession(session: string): Promise<void>;
}

export const sqlServer = (target: ProcessTarget): SqlServer => ({
  query: <Row>(work: Work) => target.call('query', work) as Promise<Row[]>,
  openSession: <Row>(session: string, work: Work) =>
    target.call('open-session', { session, ...work }) as Promise<Row[]>,
  inSession: <Row>(session: string, work: Work) => target.call('in-session', { session, ...work }) as Promise<Row[]>,
  closeSession: async (session) => void (await target.call('close-session', { session })),
});

/** Throws unless the target is the server that takes writes: a standby can neither lock nor change anything. */
export async function primaryServer(target: ProcessTarget): Promise<SqlServer> {
  if (await isStandby(target))
    throw new ArchipelError(
      'fault-impossible',
      `Replica ${target.replica} of "${target.nodeId}" is a read replica, which only follows its primary.`,
      'Name replica 0, the primary.',
    );
  return sqlServer(target);
}

export async function isStandby(target: ProcessTarget): Promise<boolean> {
  if (target.pid() === null)
    throw new ArchipelError(
      'fault-impossible',
      `Replica ${target.replica} of "${target.nodeId}" has no process.`,
      'Wait until it runs, or restart it.',
    );
  const [row] = await sqlServer(target).query<{ standby: boolean }>({ sql: 'select pg_is_in_recovery() as standby' });
  return row?.standby === true;
}

/**
 * The table of the topology with this name, or all of them, quoted and with their schema. Throws when there is none.
 */
export async function tablesOf(server: SqlServer, table: string): Promise<string[]> {
  const rows = await server.query<{ name: string }>({
    sql: `select format('%I.%I', nspname, relname) as name from pg_class join pg_namespace on pg_namespace.oid = relnamespace
      where relkind in ('r', 'p') and relpersistence <> 't' and nspname not in ('pg_catalog', 'information_schema')
        and pg_get_userbyid(relowner) <> current_user and ($1 = '' or pg_class.oid = to_regclass($1))
      order by 1`,
    values: [table],
  });
  if (rows.length > 0) return rows.map(({ name }) => name);
  throw new ArchipelError(
    'fault-impossible',
    table === '' ? 'The database has no table.' : `The database has no table "${table}".`,
    table === '' ? 'Make one in the schema of the node.' : 'Name one that the schema of the node makes.',
  );
}

/** Whether a failure is that of SQL with this SQLSTATE. */
export const isSqlState = (error: unknown, state: string): boolean => (error as { code?: unknown }).code === state;
