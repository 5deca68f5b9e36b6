import { join } from 'node:path';
import type { CommandLaunch, Launcher } from '../../runtime/launch.ts';
import { unprivilegedAccount } from './account.ts';
import { findPostgres } from './binaries.ts';
import { createCluster, generatePassword, SUPERUSER } from './cluster.ts';
import { announceMember, announcePrimary, type Primary } from './fleet.ts';
import { withFleetCalls } from './fleet-calls.ts';
import { usablePostgres } from './private-copy.ts';
import { serverLaunch } from './server.ts';
import { createDatabase, fillDatabase } from './set-up.ts';
import type { DatabaseConfig } from './settings.ts';

/** A PostgreSQL of our own, on a cluster that is made for it. */
export const launchPrimary: Launcher<DatabaseConfig, CommandLaunch> = async ({
  config,
  replica,
  directory,
  scope,
  port,
  signal,
}) => {
  signal.throwIfAborted();
  const account = unprivilegedAccount();
  const postgres = await usablePostgres({ installed: findPostgres(), directory, account, signal });
  const superuser = { user: SUPERUSER, password: generatePassword() };
  await createCluster({ postgres, directory, superuserPassword: superuser.password, account, signal });
  const primary: Primary = {
    postgres,
    account,
    data: join(directory, 'data'),
    address: { host: '127.0.0.1', port: await port() },
    login: { user: 'archipel', password: generatePassword(), database: 'archipel' },
    superuser,
    replication: { user: 'archipel_standby', password: generatePassword() },
  };
  announcePrimary(scope, primary);
  announceMember(scope, replica, primary);
  const server = serverLaunch({ ...primary, config, directory, signal });
  return {
    ...server,
    call: withFleetCalls(server.call, { scope, replica, signal }),
    async setUp() {
      await createDatabase(primary, config, signal);
      await fillDatabase({ address: primary.address, login: primary.login, config, signal });
    },
  };
};
