import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { chmod, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../documents/is-alive.ts';
import { connectResp } from '../wire/resp/client.ts';
import { RespError } from '../wire/resp/errors.ts';

/** Which engine has the jobs of this user open. Its server answers only who knows the password. */
export interface Owner {
  pid: number;
  /** 0 while it opens them. */
  port: number;
  password: string;
}

export interface Ownership {
  password: string;
  /** From now on others find the server there. */
  at(port: number): Promise<void>;
  release(): void;
}

const FILE = 'owner.json';
/** An owner that opens the jobs has so long until its server answers. */
const OPENING_MS = 15_000;
const ANSWER_MS = 2000;
/** Two that take over from the same dead owner see within this time which of them it is. */
const SETTLE_MS = 30;

/** Makes this engine the owner of the directory. Null: another engine is, and lives. */
export async function takeOwnership(directory: string): Promise<Ownership | null> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  // Also where it was there before: jobs hold code that runs. On Windows the user's profile is private by itself.
  await chmod(directory, 0o700);
  const file = join(directory, FILE);
  const password = randomBytes(16).toString('hex');
  const own = (port: number): string => JSON.stringify({ pid: process.pid, port, password } satisfies Owner);

  if (!(await create(file, own(0)))) {
    if (await ownerOf(directory)) return null;
    // By rename, so that of two who find it dead only one takes it away.
    const dead = `${file}.${password}`;
    await rename(file, dead).catch(() => {});
    await rm(dead, { force: true });
    if (!(await create(file, own(0)))) return null;
    await sleep(SETTLE_MS);
    if ((await read(file))?.password !== password) return null;
  }
  const release = (): void => {
    process.off('exit', release);
    rmSync(file, { force: true });
  };
  process.once('exit', release);
  return {
    password,
    async at(port) {
      const next = `${file}.${password}`;
      await create(next, own(port));
      await rename(next, file);
    },
    release,
  };
}

/** The engine that has the jobs open, or null when none does that lives. */
export async function ownerOf(directory: string): Promise<Owner | null> {
  const file = join(directory, FILE);
  const owner = await read(file);
  if (owner && owner.port > 0) return isAlive(owner.pid) && (await mayBeOwner(owner)) ? owner : null;
  const ageMs = await stat(file).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => Number.POSITIVE_INFINITY,
  );
  if (ageMs > OPENING_MS || (owner && !isAlive(owner.pid))) return null;
  return owner ?? { pid: 0, port: 0, password: '' };
}

async function create(file: string, text: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', 0o600);
    await handle.writeFile(text);
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function read(file: string): Promise<Owner | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Owner;
  } catch {
    return null;
  }
}

/**
 * A process number may belong to another program by now: nobody answers at the port then, or nobody who knows the password.
 * Who says nothing at all is busy, and the owner still: two at once would spoil each other's jobs.
 */
async function mayBeOwner({ port, password }: Owner): Promise<boolean> {
  const signal = AbortSignal.timeout(ANSWER_MS);
  try {
    const client = await connectResp({ port, signal });
    try {
      const [reply] = await client.send(['AUTH', password]);
      return !(reply instanceof RespError);
    } finally {
      client.destroy();
    }
  } catch {
    return signal.aborted;
  }
}
