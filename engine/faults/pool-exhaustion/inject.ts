import type { z } from 'zod';
import type { Injector, ProcessTarget } from '../inject.ts';
import { isSqlState, isStandby, sqlServer } from '../sql-server.ts';
import { untilAborted } from '../until-aborted.ts';
import type { poolExhaustionDefinition } from './definition.ts';

type Parameters = z.output<(typeof poolExhaustionDefinition)['parameters']>;

const NONE_LEFT = '53300';
/** Logins at a time: PostgreSQL starts a process for each. */
const AT_ONCE = 8;

export const injectPoolExhaustion: Injector<ProcessTarget, Parameters> = async (target, { leave }, options) => {
  const { id, signal } = options;
  // Throws where nothing runs.
  await isStandby(target);
  const server = sqlServer(target);
  const taken: string[] = [];

  const lease = (expiresAtMs: number): string =>
    // The server itself ends a session that does nothing for longer than this.
    `set idle_session_timeout = ${Math.max(1, Math.round(expiresAtMs - Date.now()))}`;
  const free = async (): Promise<number> => {
    const [row] = await server.query<{ free: number }>({
      sql: `select rolconnlimit - (select count(*)::int from pg_stat_activity where usename = rolname) as free
        from pg_roles where rolconnlimit >= 0 order by rolconnlimit desc limit 1`,
    });
    return row?.free ?? 0;
  };
  /** Null when the server has none left. */
  const take = async (): Promise<string | null> => {
    const session = `${id}-${taken.length}`;
    taken.push(session);
    try {
      await server.openSession(session, { sql: lease(options.expiresAtMs), as: 'topology' });
      return session;
    } catch (error) {
      taken.splice(taken.indexOf(session), 1);
      if (isSqlState(error, NONE_LEFT)) return null;
      throw error;
    }
  };
  const giveBack = async (): Promise<void> => {
    await Promise.all(taken.splice(0).map((session) => server.closeSession(session)));
  };
  const takeAll = async (): Promise<void> => {
    for (let left = await free(); left > leave; left = await free()) {
      const sessions = await Promise.all(Array.from({ length: Math.min(AT_ONCE, left - leave) }, take));
      if (sessions.every((session) => session === null)) return;
    }
  };
  try {
    await takeAll();
  } catch (error) {
    await giveBack();
    throw error;
  }

  return {
    async proveEffect() {
      const held = taken.length;
      const left = await free();
      const refused = leave === 0 ? await isRefused(server) : null;
      return {
        holds: held > 0 && left <= leave && refused !== false,
        evidence: `${held} connections are taken, ${left} left${refused === null ? '' : `; another login is ${refused ? `refused (SQLSTATE ${NONE_LEFT})` : 'let in'}`}`,
      };
    },
    async proveRemoval() {
      const left = await free();
      const refused = await isRefused(server);
      return {
        holds: left > leave && !refused,
        evidence: `${left} connections are free; a login is ${refused ? 'refused' : 'let in'}`,
      };
    },
    undone: untilAborted(signal).then(giveBack),
    async renew(expiresAtMs) {
      await Promise.all(taken.map((session) => server.inSession(session, { sql: lease(expiresAtMs) })));
    },
  };
};

async function isRefused(server: ReturnType<typeof sqlServer>): Promise<boolean> {
  try {
    await server.query({ sql: 'select 1', as: 'topology' });
    return false;
  } catch (error) {
    if (isSqlState(error, NONE_LEFT)) return true;
    throw error;
  }
}
