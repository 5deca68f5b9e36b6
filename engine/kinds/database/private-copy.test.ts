import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  unlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { unprivilegedAccount } from './account.ts';
import { findPostgres, toolIn } from './binaries.ts';
import { linkLibraries, usablePostgres } from './private-copy.ts';
import { runTool } from './run-tool.ts';

const { signal } = new AbortController();

const links = (directory: string): string[] =>
  readdirSync(join(directory, 'lib')).filter((name) => lstatSync(join(directory, 'lib', name)).isSymbolicLink());

/** npm's package as it is right after unpacking: without its links. */
function installedWithoutLinks(root: string): string {
  const installed = join(root, 'native');
  cpSync(findPostgres(), installed, { recursive: true, verbatimSymlinks: true });
  for (const name of links(installed)) unlinkSync(join(installed, 'lib', name));
  return installed;
}

describe.runIf(process.platform === 'linux')('PostgreSQL as npm installs it', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'archipel-copy-test-'));
    chmodSync(root, 0o711);
    return () => rmSync(root, { recursive: true, force: true });
  });

  it('gets the links that its libraries need', async () => {
    const installed = installedWithoutLinks(root);
    expect(await linkLibraries(installed)).toBe(true);
    expect(links(installed).sort()).toEqual(links(findPostgres()).sort());
    const account = unprivilegedAccount();
    expect(await usablePostgres({ installed, directory: join(root, 'replica'), account, signal })).toBe(installed);
  });

  it.runIf(process.getuid?.() === 0)(
    'is copied to where the unprivileged user reaches it, once for all who ask',
    async () => {
      const account = unprivilegedAccount();
      const hidden = join(root, 'hidden');
      mkdirSync(hidden);
      const installed = installedWithoutLinks(hidden);
      chmodSync(hidden, 0o700);
      const ask = (replica: string): Promise<string> =>
        usablePostgres({ installed, directory: join(root, replica), account, signal });
      const [one, two] = await Promise.all([ask('orders-db-0'), ask('users-db-0')]);
      expect(one).toBe(join(root, 'postgresql'));
      expect(two).toBe(one);
      expect(await ask('late-db-0')).toBe(one);
      expect(readdirSync(root).sort()).toEqual(['hidden', 'postgresql']);
      const { exitCode, output } = await runTool({
        command: toolIn(one, 'postgres'),
        args: ['--version'],
        cwd: '/',
        account,
        signal,
      });
      expect([exitCode, output[0]]).toEqual([0, expect.stringMatching(/^postgres \(PostgreSQL\) 18\./)]);
    },
  );

  it('that cannot run at all is reported, and no half a copy stays', async () => {
    const installed = join(root, 'gone');
    onTestFinished(() => expect(existsSync(join(root, 'postgresql-unfinished'))).toBe(false));
    const account = unprivilegedAccount() ?? { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
    const asked = usablePostgres({ installed, directory: join(root, 'replica'), account, signal });
    await expect(asked).rejects.toMatchObject({
      code: 'database-unavailable',
      message: expect.stringContaining(installed),
    });
  });
});
