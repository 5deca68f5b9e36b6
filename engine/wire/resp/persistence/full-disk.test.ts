import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/* A process whose files may not grow beyond a few kilobytes: what a full disk is to it. */

const program = (directory: string, handled: boolean): string => `
  const { createServer } = await import(${JSON.stringify(new URL('../server.ts', import.meta.url).href)});
  const server = createServer({
    dataDir: ${JSON.stringify(directory)},
    fsync: 'always',
    ${handled ? "onDiskFailure: (error) => console.log('failed', error.code)," : ''}
  });
  let confirmed = 0;
  const write = async () => { for (;;) { await server.execute('SET', 'key:' + confirmed, 'x'.repeat(1000)); confirmed += 1; } };
  void write();
  setTimeout(async () => {
    const before = confirmed;
    await Promise.race([server.execute('SET', 'late', '1'), new Promise((done) => setTimeout(done, 200))]);
    console.log('confirmed', before > 0, confirmed === before);
    await server.close();
    console.log('closed');
    process.exit(0);
  }, 1000);
`;

test.skipIf(process.platform === 'win32')(
  'a full disk ends the process, or is told to whoever asked for it; nothing is confirmed any more',
  async () => {
    for (const handled of [false, true]) {
      const directory = await mkdtemp(join(tmpdir(), 'resp-full-'));
      try {
        const script = 'ulimit -f 16; exec "$0" --input-type=module -e "$1"';
        const child = spawn('sh', ['-c', script, process.execPath, program(directory, handled)]);
        let [output, errors] = ['', ''];
        child.stdout.on('data', (text) => (output += text));
        child.stderr.on('data', (text) => (errors += text));
        const [code] = await once(child, 'close');
        if (handled) expect([code, output]).toEqual([0, 'failed EFBIG\nconfirmed true true\nclosed\n']);
        else
          expect([code, errors]).toEqual([
            expect.not.toSatisfy((exit) => exit === 0),
            expect.stringContaining('EFBIG'),
          ]);
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    }
  },
);
