import { constants } from 'node:fs';
import { access, realpath } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { ArchipelError } from '../../model/error.ts';

/** The programs of an installed RabbitMQ, without what its packages put before them. */
export interface RabbitPrograms {
  server: string;
  /** Speaks to a running server; null where it is not beside it. */
  control: string | null;
}

const NAME = 'rabbitmq-server';

/** The RabbitMQ of this computer: what `ARCHIPEL_RABBITMQ_SERVER` names, or the first on PATH or in /usr/sbin. */
export async function findRabbitServer(env: NodeJS.ProcessEnv = process.env): Promise<RabbitPrograms> {
  if (process.platform === 'win32')
    throw new ArchipelError(
      'rabbitmq-unavailable',
      'Archipel starts no rabbitmq-server on Windows',
      'Let the node use the embedded server, or give the URL of one that runs.',
    );
  const given = env.ARCHIPEL_RABBITMQ_SERVER;
  if (given !== undefined) {
    const found = await programsAt(given);
    if (found) return found;
    throw new ArchipelError(
      'rabbitmq-unavailable',
      `ARCHIPEL_RABBITMQ_SERVER is "${given}", which is no program that can be run`,
      'Set it to the path of a rabbitmq-server, or unset it.',
    );
  }
  for (const directory of [...(env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'].filter(Boolean)) {
    const found = await programsAt(join(directory, NAME));
    if (found) return found;
  }
  throw new ArchipelError(
    'rabbitmq-unavailable',
    `there is no ${NAME} on PATH`,
    'Install one, name its path by ARCHIPEL_RABBITMQ_SERVER, or let the node use the embedded server.',
  );
}

/** What Debian has on PATH only runs it as a service of its own user: the script itself lies where its environment is read from. */
async function programsAt(file: string): Promise<RabbitPrograms | null> {
  const found = await realpath(file).catch(() => null);
  if (found === null || !(await isProgram(found))) return null;
  const own = await realpath(join(dirname(found), 'rabbitmq-env')).then(
    (script) => join(dirname(script), NAME),
    () => found,
  );
  const server = (await isProgram(own)) ? own : found;
  const control = join(dirname(server), 'rabbitmqctl');
  return { server, control: (await isProgram(control)) ? control : null };
}

const isProgram = (file: string): Promise<boolean> =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
