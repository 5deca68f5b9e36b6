import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createEngine } from '../../api/create-engine.ts';
import type { Engine } from '../../api/engine.ts';
import { documentOf, edge, node, route, waitStep } from '../../api/fixtures.ts';
import { catalogue } from '../../catalogue.ts';
import { codeIn } from '../../model/code.ts';
import { parseDocument } from '../../model/parse.ts';
import { exists } from '../../runtime/operating-system.ts';
import { OWN_NODE } from './definition.ts';

/* Programs here are scripts for Node, which is there on every system; to Archipel they are foreign all the same. */

// Each test starts several processes, maybe beside others that do the same.
vi.setConfig({ testTimeout: 120_000 });

let engine: Engine;
let agent: Agent;
let directory: string;

beforeEach(async () => {
  engine = await createEngine();
  agent = new Agent({ keepAlive: true, maxSockets: 8 });
  directory = mkdtempSync(join(tmpdir(), 'archipel-command-'));
});

afterEach(async () => {
  agent.destroy();
  await engine.close();
  rmSync(directory, { recursive: true, force: true });
});

/** A program that answers with what the expression gives, which may await. */
const serving = (expression: string, before = ''): string[] => [
  '-e',
  `${before};
  const http = require('node:http');
  const answer = async (request, response) => {
    const value = await (${expression});
    response.end(typeof value === 'string' ? value : JSON.stringify(value));
  };
  http.createServer((request, response) => answer(request, response).catch((error) => {
    response.statusCode = 502;
    response.end(String(error));
  })).listen(process.env.PORT, '127.0.0.1');`,
];

const program = (id: string, args: string[], config: Record<string, unknown> = {}) =>
  node(id, 'command', { command: OWN_NODE, arguments: args, ...config });

const sound = node('sound', 'service', { routes: [route('/', waitStep(0))] });

async function start(nodes: unknown[], edges: unknown[] = []): Promise<void> {
  const document = documentOf({ nodes, edges });
  await engine.trustDocument({ path: null, document });
  await engine.startTopology(document, { directory });
}

const statusOf = (nodeId: string) => engine.frame().nodes[nodeId];

const ask = (nodeId: string, path = '/'): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port: statusOf(nodeId)?.replicas[0]?.port as number, path, agent }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.on('error', reject);
    }).on('error', reject);
  });

describe('a program of the user', () => {
  test('serves what calls it, and reaches what it calls by the addresses in its environment', async () => {
    await start(
      [
        node('gateway', 'gateway'),
        program('own', serving("fetch(process.env.ARCHIPEL_EDGE_OWN_SOUND + '/').then((reply) => reply.text())")),
        sound,
      ],
      [edge('gateway', 'own'), edge('own', 'sound')],
    );
    expect(await ask('gateway')).toEqual({ status: 200, body: '{"node":"sound","replica":0}' });
    const { id } = await engine.injectFault({
      fault: 'latency',
      target: { edge: 'own-sound' },
      parameters: { latencyMs: 150 },
      leaseMs: 60_000,
    });
    const askedMs = performance.now();
    expect((await ask('gateway')).status).toBe(200);
    expect(performance.now() - askedMs).toBeGreaterThanOrEqual(150);
    await engine.clearFault({ id });
    await vi.waitFor(() => expect(statusOf('own')?.requests).toBe(2), { timeout: 20_000 });
    await vi.waitFor(() => expect(statusOf('own')?.replicas[0]?.rssBytes).toBeGreaterThan(1e6), { timeout: 20_000 });
  });

  test('is told who it is, and one address for each replica of what it calls', async () => {
    const names = [
      'PORT',
      'ARCHIPEL_NODE_ID',
      'ARCHIPEL_REPLICA',
      'ARCHIPEL_EDGE_OWN_SOUND',
      'ARCHIPEL_EDGE_OWN_DB',
      'GREETING',
    ];
    await start(
      [
        program('own', serving(`${JSON.stringify(names)}.map((name) => process.env[name])`), {
          environment: { GREETING: 'moin' },
        }),
        { ...sound, config: { ...sound.config, replicas: 2 } },
        node('db', 'database'),
      ],
      [edge('own', 'sound'), edge('own', 'db')],
    );
    const [port, id, replica, services, database, greeting] = JSON.parse((await ask('own')).body);
    expect([port, id, replica, greeting]).toEqual([String(statusOf('own')?.replicas[0]?.port), 'own', '0', 'moin']);
    expect(services).toMatch(/^http:\/\/127\.0\.0\.1:\d+,http:\/\/127\.0\.0\.1:\d+$/);
    const { protocol, username, password, hostname, port: link, pathname } = new URL(database);
    expect([protocol, username, password.length > 20, hostname, pathname]).toEqual([
      'postgres:',
      'archipel',
      true,
      '127.0.0.1',
      '/archipel',
    ]);
    await new Promise<void>((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(link) }, () => {
        socket.destroy();
        resolve();
      });
      socket.on('error', reject);
    });
  });

  test('may take its port as an argument, and works where the document is', async () => {
    writeFileSync(
      join(directory, 'serve.cjs'),
      "require('node:http').createServer((_, response) => response.end(process.cwd())).listen(process.argv[2]);",
    );
    await start([program('own', ['serve.cjs', '{PORT}'])]);
    expect((await ask('own')).body.endsWith(directory.split(/[\\/]/).at(-1) as string)).toBe(true);
  });

  test('is asked for its health where it says, by gateways too', async () => {
    const healthCheck = { intervalMs: 50, timeoutMs: 50, healthyThreshold: 1, unhealthyThreshold: 100 };
    const count = 'seen[request.url] = (seen[request.url] ?? 0) + 1, seen';
    await start(
      [
        node('gateway', 'gateway', { healthCheck }),
        program('own', serving(count, 'const seen = {}'), { healthPath: '/ready' }),
      ],
      [edge('gateway', 'own')],
    );
    // The engine itself asks once a second.
    await vi.waitFor(async () => expect(JSON.parse((await ask('own', '/seen')).body)['/ready']).toBeGreaterThan(20), {
      timeout: 20_000,
      interval: 100,
    });
    expect(JSON.parse((await ask('own', '/seen')).body)).not.toHaveProperty('/-/health');
  });

  test('has the latency that its callers measure', async () => {
    await start(
      [node('gateway', 'gateway'), program('own', serving("new Promise((resolve) => setTimeout(resolve, 40, 'ok'))"))],
      [edge('gateway', 'own')],
    );
    for (let i = 0; i < 5; i += 1) await ask('gateway');
    await vi.waitFor(() => expect(statusOf('own')?.p50Ms).toBeGreaterThanOrEqual(39), { timeout: 20_000 });
  });

  test('is told at its next start when what it calls has moved, and its log says so', async () => {
    const address = program('own', serving('process.env.ARCHIPEL_EDGE_OWN_SOUND'));
    const withReplicas = (replicas: number) => [address, { ...sound, config: { ...sound.config, replicas } }];
    await start(withReplicas(1), [edge('own', 'sound')]);
    const before = (await ask('own')).body;
    await engine.applyDocument(documentOf({ nodes: withReplicas(2), edges: [edge('own', 'sound')] }));
    expect((await ask('own')).body).toBe(before);
    const { value } = await engine.logs({ node: 'own' }, AbortSignal.timeout(20_000))[Symbol.asyncIterator]().next();
    expect(JSON.stringify(value)).toContain('what it calls has moved');
    await engine.restartProcess({ node: 'own', replica: 0 });
    expect((await ask('own')).body.split(',')).toHaveLength(2);
  });
});

describe('a program that does not start leaves the others running,', () => {
  const startWith = async (broken: unknown): Promise<void> => {
    await start([broken, sound]);
    expect(engine.frame().topology).toBe('running');
    expect(statusOf('sound')?.state).toBe('ready');
    expect((await ask('sound')).status).toBe(200);
    expect(statusOf('own')?.state).toBe('dead');
    expect(statusOf('own')?.replicas.map(({ pid }) => pid)).toEqual([null]);
  };

  test('whether there is no such program', async () => {
    await startWith(node('own', 'command', { command: 'no-such-program', alternatives: ['nor-this'] }));
    expect(statusOf('own')?.reason).toContain('there is no program "no-such-program" or "nor-this" on the PATH');
  });

  test.skipIf(process.platform === 'win32')('whether the system cannot run it', async () => {
    writeFileSync(join(directory, 'no-program'), '\u0000\u0001', { mode: 0o755 });
    await startWith(node('own', 'command', { command: './no-program' }));
    expect(statusOf('own')?.reason).toMatch(/cannot be run|ended by itself/);
  });

  test('whether it works where no directory is', async () => {
    await startWith(program('own', [], { workingDirectory: 'nowhere' }));
    expect(statusOf('own')?.reason).toContain(`there is no directory ${join(directory, 'nowhere')}`);
  });

  test('whether it exits at once', async () => {
    await startWith(program('own', ['-e', "console.error('no settings'); process.exit(3)"]));
    expect(statusOf('own')?.reason).toContain('ended by itself with exit code 3');
    const lines = engine.logs({ node: 'own' }, AbortSignal.timeout(20_000));
    const { value } = await lines[Symbol.asyncIterator]().next();
    expect(JSON.stringify(value)).toContain('no settings');
  });

  test('whether it never opens its port in the time that it has', async () => {
    await startWith(program('own', ['-e', 'setInterval(() => {}, 1000)'], { readyWithinMs: 700 }));
    expect(statusOf('own')?.reason).toContain(
      'no answer to its health check within 700 ms. It must listen on 127.0.0.1',
    );
  });

  test('and starts once what was missing is there', async () => {
    await startWith(program('own', ['serve.cjs']));
    writeFileSync(
      join(directory, 'serve.cjs'),
      "require('node:http').createServer((_, response) => response.end('here')).listen(process.env.PORT);",
    );
    await engine.restartProcess({ node: 'own', replica: 0 });
    expect(statusOf('own')).toMatchObject({ state: 'ready', reason: null });
    expect((await ask('own')).body).toBe('here');
  });
});

describe.skipIf(process.platform === 'win32')('a program that is asked to end', () => {
  test('and does not is killed when its time is up, with what it has started', async () => {
    const pidFile = join(directory, 'child.pid');
    const stubborn = `process.on('SIGTERM', () => {});
      const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
      require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, String(child.pid))`;
    await start([program('own', serving("'ok'", stubborn), { stopWithinMs: 200 }), sound]);
    const pids = [statusOf('own')?.replicas[0]?.pid as number, Number(readFileSync(pidFile, 'utf8'))];
    expect(pids.map(exists)).toEqual([true, true]);
    await engine.stopTopology();
    await vi.waitFor(() => expect(pids.map(exists)).toEqual([false, false]), { timeout: 20_000 });
  });

  test('leaves nobody behind who does not end with it', async () => {
    const pidFile = join(directory, 'child.pid');
    const parent = `const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
      require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, String(child.pid))`;
    await start([program('own', serving("'ok'", parent))]);
    await engine.stopTopology();
    await vi.waitFor(() => expect(exists(Number(readFileSync(pidFile, 'utf8')))).toBe(false), { timeout: 20_000 });
  });

  test('gets the signal that it wants', async () => {
    const file = join(directory, 'signal');
    const on = `process.on('SIGINT', () => { require('node:fs').writeFileSync(${JSON.stringify(file)}, ''); process.exit(0) })`;
    await start([program('own', serving("'ok'", on), { stopSignal: 'SIGINT' })]);
    await engine.stopTopology();
    expect(existsSync(file)).toBe(true);
  });

  test('loses no request when it is scaled down, though it dies at the first signal', async () => {
    const slow = serving("new Promise((resolve) => setTimeout(resolve, 60, 'ok'))");
    const document = (replicas: number) =>
      documentOf({
        nodes: [node('gateway', 'gateway'), program('own', slow, { replicas })],
        edges: [edge('gateway', 'own')],
      });
    await engine.trustDocument({ path: null, document: document(3) });
    await engine.startTopology(document(3));
    let stopped = false;
    const statuses = new Map<number, number>();
    const callers = Array.from({ length: 8 }, async () => {
      while (!stopped) {
        const { status } = await ask('gateway');
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    });
    for (const replicas of [1, 3, 2, 1]) {
      const before = statuses.get(200) ?? 0;
      await engine.applyDocument(document(replicas));
      await vi.waitFor(() => expect(statuses.get(200)).toBeGreaterThan(before + 8), { timeout: 15_000, interval: 20 });
    }
    stopped = true;
    await Promise.all(callers);
    expect([...statuses.keys()]).toEqual([200]);
    expect(statuses.get(200)).toBeGreaterThan(20);
  });
});

describe('a document', () => {
  test('may not set what Archipel sets', () => {
    const parsed = parseDocument(
      {
        format: 1,
        name: 'x',
        nodes: [program('own', [], { environment: { PORT: '80', archipel_edge_x: '', OTHER: '1' } })],
      },
      catalogue,
    );
    expect(parsed.ok).toBe(false);
    expect(parsed.ok ? [] : parsed.errors.map(({ path }) => path)).toEqual([
      '$.nodes[0].config.environment.PORT',
      '$.nodes[0].config.environment.archipel_edge_x',
    ]);
  });

  test('shows all that its commands would run, for the user to judge', () => {
    const document = documentOf({
      nodes: [
        node('own', 'command', {
          command: 'python3',
          alternatives: ['py'],
          arguments: ['serve.py', '--greet', 'good day'],
          workingDirectory: 'python',
          environment: { MODE: 'fast' },
        }),
      ],
    });
    expect(codeIn(document, catalogue)).toEqual([
      {
        nodeId: 'own',
        path: '$.nodes[0].config.command',
        text: 'python3 serve.py --greet "good day"\nor, where there is no such program: py\nin python\nwith MODE=fast',
      },
    ]);
  });
});
