import { becomeStandby, conninfoOf, copyPrimary, slotOf } from './base-backup.ts';
import { memberOf, type Primary, primaryIn } from './fleet.ts';

/** What a change of the primary asks of one server of a fleet, by name; `replica` is another server of it. */
type FleetOrders = {
  /** Of a primary: keeps what another server needs to follow it. */
  'keep-for'(of: { replica: number }): Promise<void>;
  /** Of a standby that runs: follows another primary from now on. */
  follow(of: { replica: number }): Promise<void>;
  /** Of a server that has stopped: when it is started it follows another one. */
  'become-standby'(of: { replica: number }): Promise<void>;
  /** Of a primary: makes another server, which has stopped, its copy, which follows it when it is started. */
  'copy-to'(of: { replica: number }): Promise<void>;
};

type Call = (name: string, payload: unknown) => Promise<unknown>;

/** Adds them to the calls that every server of ours takes. */
export function withFleetCalls(
  call: Call,
  { scope, replica, signal }: { scope: object; replica: number; signal: AbortSignal },
): Call {
  const as = (leader: number): Primary => ({ ...primaryIn(scope), ...memberOf(scope, leader) });
  const sql = (text: string, values: unknown[] = []): Promise<unknown> => call('query', { sql: text, values });

  const orders: FleetOrders = {
    async 'keep-for'({ replica: other }) {
      await sql(
        `select pg_create_physical_replication_slot($1, true)
          where not exists (select from pg_replication_slots where slot_name = $1)`,
        [slotOf(other)],
      );
    },
    async follow({ replica: leader }) {
      // Each on its own: ALTER SYSTEM is refused in a transaction. Nothing in it is a text of somebody else.
      await sql(`alter system set primary_conninfo = '${conninfoOf(as(leader), replica)}'`);
      await sql('select pg_reload_conf()');
    },
    'become-standby': ({ replica: leader }) =>
      becomeStandby({ primary: as(leader), replica, data: memberOf(scope, replica).data }),
    'copy-to': ({ replica: other }) =>
      copyPrimary({ primary: as(replica), replica: other, data: memberOf(scope, other).data, signal }),
  };

  return (name, payload) => {
    const order = (orders as Record<string, ((of: { replica: number }) => Promise<void>) | undefined>)[name];
    return order ? order(payload as { replica: number }) : call(name, payload);
  };
}
