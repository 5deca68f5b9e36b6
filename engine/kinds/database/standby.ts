import { existsSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandLaunch, Launcher } from '../../runtime/launch.ts';
import { createApplyTimer } from './apply-time.ts';
import { copyPrimary, slotOf } from './base-backup.ts';
import { connect } from './connection.ts';
import { announceMember, type Primary, primaryIn } from './fleet.ts';
import { withFleetCalls } from './fleet-calls.ts';
import { serverLaunch } from './server.ts';
import type { DatabaseConfig } from './settings.ts';

/** A read replica: a PostgreSQL of its own that starts from a copy of the primary and follows it by streaming replication. */
export const launchStandby: Launcher<DatabaseConfig, CommandLaunch> = async (context) => {
  const { config, replica, directory, scope, signal } = context;
  signal.throwIfAborted();
  const primary = primaryIn(scope);
  const data = join(directory, 'data');
  const address = { host: '127.0.0.1', port: await context.port() };
  const server = serverLaunch({ ...primary, config, directory, data, address, signal });
  announceMember(scope, replica, { data, address });
  const call = withFleetCalls(server.call, { scope, replica, signal });
  const applyTime = createApplyTimer({ primary, standby: address, signal });
  return {
    ...server,
    async prepare() {
      if (existsSync(data)) {
        await server.prepare();
        if (!(await isForgotten(primary, replica, signal))) return;
      }
      await mkdir(directory, { recursive: true });
      // The account may pass through, not look around.
      if (primary.account) await chmod(directory, 0o711);
      await copyPrimary({ primary, replica, data, signal });
    },
    // It has what its primary has.
    async setUp() {},
    call: (name, payload) => (name === 'apply-time' ? applyTime(payload) : call(name, payload)),
  };
};

/** Whether the primary has thrown away what the standby would need to go on from where it stopped. */
async function isForgotten(primary: Primary, replica: number, signal: AbortSignal): Promise<boolean> {
  try {
    const { client, end } = await connect(primary.address, { ...primary.superuser, database: 'template1' }, signal);
    try {
      const { rowCount } = await client.query(
        "select from pg_replication_slots where slot_name = $1 and wal_status <> 'lost'",
        [slotOf(replica)],
      );
      return rowCount === 0;
    } finally {
      await end();
    }
  } catch {
    // The primary is down. What is there can be read meanwhile.
    signal.throwIfAborted();
    return false;
  }
}
