import { unprivilegedAccount } from '../../kinds/database/account.ts';
import { findPostgres } from '../../kinds/database/binaries.ts';
import { postgresVersion } from '../../kinds/database/version.ts';
import { engineError } from '../problems.ts';
import type { Finding } from './finding.ts';

const subject = 'PostgreSQL';

/** Without a PostgreSQL of ours, only topologies with a database node, and no URL for it, cannot run. */
export async function findDatabase(): Promise<Finding> {
  try {
    const directory = findPostgres();
    const version = await postgresVersion();
    if (!version)
      return {
        subject,
        state: 'bad',
        text: `${directory} holds one that does not run`,
        nextStep: 'Install again with "npm ci"; on Linux it needs the C library of the GNU system (glibc).',
      };
    const account = unprivilegedAccount();
    const who = account ? `runs as user ${account.uid}, since you are root` : 'runs as you';
    return { subject, state: 'good', text: `${version} in ${directory}, ${who}` };
  } catch (error) {
    const { message, nextStep } = engineError(error);
    return { subject, state: 'limited', text: message, nextStep };
  }
}
