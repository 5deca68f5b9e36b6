import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { ArchipelError } from '../../model/error.ts';

const names = ['redis-server', 'valkey-server'];
const suffix = process.platform === 'win32' ? '.exe' : '';

/** The redis-server or valkey-server of this computer: what `ARCHIPEL_REDIS_SERVER` names, or the first on PATH. */
export async function findRedisServer(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const given = env.ARCHIPEL_REDIS_SERVER;
  if (given !== undefined) {
    if (await isProgram(given)) return given;
    throw new ArchipelError(
      'redis-unavailable',
      `ARCHIPEL_REDIS_SERVER is "${given}", which is no program that can be run`,
      'Set it to the path of a redis-server or valkey-server, or unset it.',
    );
  }
  for (const directory of (env.PATH ?? '').split(delimiter).filter(Boolean))
    for (const name of names) {
      const file = join(directory, `${name}${suffix}`);
      if (await isProgram(file)) return file;
    }
  throw new ArchipelError(
    'redis-unavailable',
    `there is no ${names.join(' and no ')} on PATH`,
    'Install one, name its path by ARCHIPEL_REDIS_SERVER, or let the node use the embedded server.',
  );
}

const isProgram = (file: string): Promise<boolean> =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
