import type { SqlServer } from '../sql-server.ts';
import { inTurns } from '../table-turns.ts';

/*
 * How writes are made to fail inside PostgreSQL: a trigger of ours, before each statement that writes into the table, raises
 * the error. The statement fails where it would if its page could not be written, and its transaction is over.
 */

export interface Failure {
  sqlState: string;
  message: string;
  /** Of the statements. */
  percent: number;
  /** From then on it raises nothing, whoever has forgotten to take it away. */
  expiresAtMs: number;
}

const SCHEMA = 'archipel_write_error';
const TRIGGER = 'archipel_write_error';

/** From now on writes into a table that has the trigger fail as this says. */
export async function setFailure(server: SqlServer, failure: Failure): Promise<void> {
  const { sqlState, message, percent, expiresAtMs } = failure;
  await server.query({
    sql: `create schema if not exists ${SCHEMA}; grant usage on schema ${SCHEMA} to public;
      create or replace function ${SCHEMA}.fail() returns trigger language plpgsql as $fail$
      begin
        if clock_timestamp() < to_timestamp(${expiresAtMs / 1000}) and random() * 100 < ${percent} then
          raise exception using errcode = '${sqlState}', message = '${message}', hint = 'Raised by a fault of Archipel.';
        end if;
        return null;
      end $fail$`,
  });
}

export async function breakWrites(server: SqlServer, tables: readonly string[], deadlineMs: number): Promise<void> {
  for (const table of tables)
    await inTurns(
      server,
      `create trigger ${TRIGGER} before insert or update or delete or truncate on ${table}
         for each statement execute function ${SCHEMA}.fail()`,
      deadlineMs,
    );
}

/** Takes away what `breakWrites` and `setFailure` have made, as far as it is there. */
export async function mendWrites(server: SqlServer, deadlineMs: number): Promise<void> {
  const [found] = await server.query<{ is: boolean }>({ sql: `select to_regnamespace('${SCHEMA}') is not null as is` });
  if (!found?.is) return;
  // First for all at once.
  await setFailure(server, { sqlState: '53100', message: 'over', percent: 0, expiresAtMs: 0 });
  const broken = await server.query<{ name: string }>({
    sql: `select tgrelid::regclass::text as name from pg_trigger where tgname = '${TRIGGER}'`,
  });
  for (const { name } of broken) await inTurns(server, `drop trigger ${TRIGGER} on ${name}`, deadlineMs);
  await server.query({ sql: `drop schema ${SCHEMA} cascade` });
}
