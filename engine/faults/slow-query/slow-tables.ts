import { ArchipelError } from '../../model/error.ts';
import type { SqlServer } from '../sql-server.ts';
import { inTurns } from '../table-turns.ts';

/*
 * How statements are made slow inside PostgreSQL: a row security policy on the table asks a function of ours whether the rows
 * may be seen or written, once per statement and at the first row (a sub-select without references to the row), and the function
 * takes its time before it says yes. A statement that meets no row is as fast as ever.
 * PostgreSQL plans prepared statements anew when a policy comes or goes, and superusers pass policies by.
 */

export interface Slowness {
  delayMs: number;
  work: 'wait' | 'cpu';
  /** From then on the function says yes at once, whoever has forgotten to take it away. */
  expiresAtMs: number;
}

const SCHEMA = 'archipel_fault';
const POLICY = 'archipel_slow';

/** From now on statements on a table that has the policy take as long as this says. */
export async function setSlowness(server: SqlServer, { delayMs, work, expiresAtMs }: Slowness): Promise<void> {
  const take =
    work === 'wait'
      ? `perform pg_sleep(${delayMs / 1000});`
      : `until_at := clock_timestamp() + interval '${delayMs} ms'; while clock_timestamp() < until_at loop end loop;`;
  await server.query({
    sql: `create schema if not exists ${SCHEMA}; grant usage on schema ${SCHEMA} to public;
      create or replace function ${SCHEMA}.slow() returns boolean language plpgsql parallel unsafe as $slow$
      declare until_at timestamptz;
      begin
        -- A statement may ask more than once, for each table and for what it writes.
        if clock_timestamp() < to_timestamp(${expiresAtMs / 1000})
          and coalesce(current_setting('archipel.slowed', true), '') <> statement_timestamp()::text then
          perform set_config('archipel.slowed', statement_timestamp()::text, false);
          ${take}
        end if;
        return true;
      end $slow$`,
  });
}

export async function slowDown(server: SqlServer, tables: readonly string[], deadlineMs: number): Promise<void> {
  const ruled = await server.query<{ name: string }>({
    sql: 'select oid::regclass::text as name from pg_class where relrowsecurity and oid = any($1::regclass[])',
    values: [tables],
  });
  if (ruled.length > 0)
    throw new ArchipelError(
      'fault-impossible',
      `${ruled.map(({ name }) => `"${name}"`).join(', ')} has row security of its own, which the fault would change.`,
      'Choose another table.',
    );
  const asks = `(select ${SCHEMA}.slow())`;
  for (const table of tables)
    await inTurns(
      server,
      `create policy ${POLICY} on ${table} using (${asks}) with check (${asks});
       alter table ${table} enable row level security; alter table ${table} force row level security`,
      deadlineMs,
    );
}

/** Takes away what `slowDown` and `setSlowness` have made, as far as it is there. */
export async function speedUp(server: SqlServer, deadlineMs: number): Promise<void> {
  const [found] = await server.query<{ is: boolean }>({ sql: `select to_regnamespace('${SCHEMA}') is not null as is` });
  if (!found?.is) return;
  // First for all at once; who is in the middle of it finishes.
  await setSlowness(server, { delayMs: 0, work: 'wait', expiresAtMs: 0 });
  const slowed = await server.query<{ name: string }>({
    sql: `select polrelid::regclass::text as name from pg_policy where polname = '${POLICY}'`,
  });
  for (const { name } of slowed)
    await inTurns(
      server,
      `alter table ${name} no force row level security; alter table ${name} disable row level security;
       drop policy ${POLICY} on ${name}`,
      deadlineMs,
    );
  await server.query({ sql: `drop schema ${SCHEMA} cascade` });
}
