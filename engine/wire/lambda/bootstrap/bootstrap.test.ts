import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex, Readable } from 'node:stream';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CONNECTION_FD, type FunctionError } from '../protocol.ts';
import { createRuntimeApi } from '../runtime-api.ts';

type Said = { type: 'next' } | { type: 'response'; body: string } | { type: 'error'; error: FunctionError };

/** One environment with nothing around it but its side of the Runtime API. */
async function startEnvironment(way: Way, source: string, extension = 'cjs') {
  const directory = mkdtempSync(join(tmpdir(), 'archipel-bootstrap-'));
  writeFileSync(join(directory, `index.${extension}`), source);
  const heard: Said[] = [];
  /** Of each answer, whether the request for the next invocation came with it. */
  const asksAtOnce: boolean[] = [];
  let asked = 0;
  let onHeard: () => void = () => {};
  const hear = (said: Said): void => {
    heard.push(said);
    onHeard();
  };
  const api = createRuntimeApi({
    onNext() {
      asked += 1;
      hear({ type: 'next' });
    },
    onResponse(_, body) {
      hear({ type: 'response', body: body.toString() });
      const before = asked;
      setImmediate(() => asksAtOnce.push(asked > before));
    },
    onError: (_, error) => hear({ type: 'error', error }),
    onInitError: (error) => hear({ type: 'error', error }),
  });
  const runtimeApi = await api.listen();
  const program = join(import.meta.dirname, '../../../../dist/engine/lambda-bootstrap.cjs');
  const child = spawn(process.env.ARCHIPEL_NODE ?? process.execPath, [program], {
    env: {
      PATH: process.env.PATH,
      _HANDLER: 'index.handler',
      LAMBDA_TASK_ROOT: directory,
      AWS_LAMBDA_RUNTIME_API: runtimeApi,
      AWS_LAMBDA_INITIALIZATION_TYPE: way.initialization,
      ...(way.isBornConnected && { [CONNECTION_FD]: '3' }),
    },
    stdio: ['ignore', 'pipe', 'inherit', way.isBornConnected ? 'pipe' : 'ignore'],
  });
  const connection = child.stdio[3] as Duplex | null;
  if (connection) api.adopt(connection);
  const exited = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
    api.close();
    rmSync(directory, { recursive: true });
  });
  let requests = 0;
  return {
    exited,
    asksAtOnce,
    output: child.stdout as Readable,
    /** The platform is gone. */
    leave: () => api.close(),
    /** The first that it says of this type, and has not been asked for yet. */
    async said<Type extends Said['type']>(type: Type): Promise<Extract<Said, { type: Type }>> {
      for (;;) {
        const at = heard.findIndex((said) => said.type === type);
        if (at >= 0) return heard.splice(at, 1)[0] as Extract<Said, { type: Type }>;
        await new Promise<void>((resolve) => {
          onHeard = resolve;
        });
      }
    },
    deliver(event: unknown) {
      requests += 1;
      const requestId = `00000000-0000-4000-8000-${String(requests).padStart(12, '0')}`;
      const of = { requestId, deadlineMs: Date.now() + 10_000, functionArn: 'arn', traceId: '' };
      api.deliver({ ...of, event: Buffer.from(JSON.stringify(event)) });
    },
  };
}

interface Way {
  initialization: 'on-demand' | 'provisioned-concurrency';
  isBornConnected: boolean;
}

const FOR_EVER = 'setInterval(() => {}, 1000);';

const echo = `
exports.handler = async ({ text, waitMs }) => {
  if (waitMs) await new Promise((resolve) => setTimeout(resolve, waitMs));
  return { text, variables: Object.keys(process.env).filter((name) => name.startsWith('ENVIRONMENT_')) };
};
`;

const ways: [string, Way][] = [
  ['born with its connection, and expected', { initialization: 'on-demand', isBornConnected: true }],
  ['born with its connection, ahead of need', { initialization: 'provisioned-concurrency', isBornConnected: true }],
  ['with a port alone', { initialization: 'on-demand', isBornConnected: false }],
];
const here = ways.filter(([, { isBornConnected }]) => process.platform !== 'win32' || !isBornConnected);

describe.each(here)('an environment %s', (_, way) => {
  test('answers one invocation after the other, quick, slow and large', async () => {
    const environment = await startEnvironment(way, echo);
    const large = 'x'.repeat(5_000_000);
    for (const event of [
      { text: large },
      { text: 'a' },
      { text: 'slow', waitMs: 20 },
      { text: large },
      { text: 'b' },
    ]) {
      await environment.said('next');
      environment.deliver(event);
      const { body } = await environment.said('response');
      expect(JSON.parse(body)).toEqual({ text: event.text, variables: [] });
    }
  });

  test('asks for more together with its answer, so that whoever has that finds it free', async () => {
    const environment = await startEnvironment(way, echo);
    for (const event of [{ text: 'a' }, { text: 'b', waitMs: 1 }, { text: 'c' }]) {
      await environment.said('next');
      environment.deliver(event);
    }
    await environment.said('next');
    await new Promise((resolve) => setImmediate(resolve));
    expect(environment.asksAtOnce).toEqual([true, true, true]);
  });

  test('waits in its first invocation for what takes time', async () => {
    const environment = await startEnvironment(way, echo);
    await environment.said('next');
    environment.deliver({ text: 'slow', waitMs: 20 });
    expect(JSON.parse((await environment.said('response')).body)).toMatchObject({ text: 'slow' });
  });

  test('tells why its INIT failed, before it ends', async () => {
    const environment = await startEnvironment(way, 'throw new TypeError("no");');
    const { error } = await environment.said('error');
    expect(error).toMatchObject({ errorType: 'TypeError', errorMessage: 'no' });
    expect(await environment.exited).toEqual([1, null]);
  });

  test('ends with its platform while it is asked nothing', async () => {
    const environment = await startEnvironment(way, echo);
    await environment.said('next');
    environment.leave();
    expect(await environment.exited).toEqual([0, null]);
  });

  test('ends with its platform in an INIT that takes long', async () => {
    const environment = await startEnvironment(
      way,
      `console.log('init'); ${FOR_EVER} await new Promise(() => {});`,
      'mjs',
    );
    await once(environment.output, 'data');
    environment.leave();
    expect(await environment.exited).toEqual([0, null]);
  });

  test('ends with its platform in its first invocation', async () => {
    const environment = await startEnvironment(way, `exports.handler = () => { console.log('run'); ${FOR_EVER} };`);
    await environment.said('next');
    environment.deliver({});
    await once(environment.output, 'data');
    environment.leave();
    expect(await environment.exited).toEqual([0, null]);
  });
});
