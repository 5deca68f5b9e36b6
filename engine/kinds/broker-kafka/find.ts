import { access, readdir } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';
import { ArchipelError } from '../../model/error.ts';

const isWindows = process.platform === 'win32';
const starters = isWindows ? ['kafka-server-start.bat'] : ['kafka-server-start.sh', 'kafka-server-start'];
const ADVICE =
  'Name the directory of a Kafka distribution, with its jars in libs, by ARCHIPEL_KAFKA_HOME, or let the node use the embedded server.';

export interface FoundKafka {
  /** With the jars in `libs`. */
  home: string;
  java: string;
}

/** The Apache Kafka of this computer: what ARCHIPEL_KAFKA_HOME or KAFKA_HOME names, or the first on PATH, and its Java. */
export async function findKafka(env: NodeJS.ProcessEnv = process.env): Promise<FoundKafka> {
  const home = await findHome(env);
  const java = env.JAVA_HOME
    ? join(env.JAVA_HOME, 'bin', isWindows ? 'java.exe' : 'java')
    : await onPath(env, [isWindows ? 'java.exe' : 'java']);
  if (java === null || !(await isThere(java)))
    throw new ArchipelError(
      'kafka-unavailable',
      `Apache Kafka in ${home} needs Java, and there is none ${env.JAVA_HOME ? `at ${java}` : 'on PATH'}`,
      'Install a Java of version 17 or later, name it by JAVA_HOME, or let the node use the embedded server.',
    );
  return { home, java };
}

async function findHome(env: NodeJS.ProcessEnv): Promise<string> {
  for (const name of ['ARCHIPEL_KAFKA_HOME', 'KAFKA_HOME']) {
    const given = env[name];
    if (given === undefined) continue;
    if (await hasJars(given)) return given;
    throw new ArchipelError('kafka-unavailable', `${name} is "${given}", where no jars of Kafka are in libs`, ADVICE);
  }
  const starter = await onPath(env, starters);
  // On Windows it lies one directory deeper.
  const home = starter && resolve(dirname(starter), isWindows ? '../..' : '..');
  if (home && (await hasJars(home))) return home;
  throw new ArchipelError('kafka-unavailable', 'there is no Kafka distribution on PATH', ADVICE);
}

const hasJars = (home: string): Promise<boolean> =>
  readdir(join(home, 'libs')).then(
    (names) => names.some((name) => /^kafka_2\.\d+-.*\.jar$/.test(name)),
    () => false,
  );

async function onPath(env: NodeJS.ProcessEnv, names: readonly string[]): Promise<string | null> {
  for (const directory of (env.PATH ?? '').split(delimiter).filter(Boolean))
    for (const name of names) {
      const file = join(directory, name);
      if (await isThere(file)) return file;
    }
  return null;
}

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
