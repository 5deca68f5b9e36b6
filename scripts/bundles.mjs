// Bundles engine and desktop shell with esbuild: one file per entry.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';

/** What the ES modules need: `require` for what comes from CommonJS, and on old Nodes a channel that pino asks for. */
const banner = {
  js: [
    "import { createRequire as __createRequire } from 'node:module';",
    'const require = __createRequire(import.meta.url);',
    "require('node:diagnostics_channel').tracingChannel ??= () => ({ hasSubscribers: false });",
  ].join(' '),
};

/** In a file of its own, so that a process that never queries a database does not even read it. */
const separatePg = {
  name: 'separate-pg',
  setup: (bundle) => bundle.onResolve({ filter: /^pg$/ }, () => ({ path: './pg.cjs', external: true })),
};
/** What pictures of reports are drawn with: read when one is asked for, and beside the bundles, where they look for it. */
const assets = {
  'resvg.wasm': '@resvg/resvg-wasm/index_bg.wasm',
  'inter-400.ttf': '@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf',
  'inter-600.ttf': '@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf',
  'inter-license.txt': '@expo-google-fonts/inter/LICENSE_FONT',
};
const pg = { contents: "export { Client, Pool } from 'pg';", resolveDir: dirname(import.meta.dirname) };

/** Of BullMQ, its store in PostgreSQL and its schedules: nobody here uses them, and a process that publishes would hold them. */
const leanBullmq = {
  name: 'lean-bullmq',
  setup(bundle) {
    bundle.onResolve({ filter: /^(cron-parser|\.\/postgres|\.\.\/postgres.*)$/ }, ({ path, importer }) =>
      /[\\/]bullmq[\\/]/.test(importer) ? { path, namespace: 'unused' } : null,
    );
    bundle.onLoad({ filter: /.*/, namespace: 'unused' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/** Of Kafka's client, schema registries, which nobody here uses, and checks of options, which are ours and typed: 17 MB and most of its start. */
const leanKafka = {
  name: 'lean-kafka',
  setup(bundle) {
    // The one that holds its WebAssembly, and reads no file.
    bundle.onResolve({ filter: /^@platformatic\/wasm-utils$/ }, ({ kind }) =>
      bundle.resolve('./node_modules/@platformatic/wasm-utils/dist/bundled.js', {
        kind,
        resolveDir: dirname(import.meta.dirname),
      }),
    );
    bundle.onResolve({ filter: /confluent-schema-registry\.js$/ }, ({ path }) => ({
      path,
      namespace: 'unused-registry',
    }));
    bundle.onLoad({ filter: /.*/, namespace: 'unused-registry' }, () => ({ contents: 'module.exports = {};' }));
    bundle.onResolve({ filter: /^ajv\/dist\/2020\.js$/ }, ({ path }) => ({ path, namespace: 'unchecked' }));
    bundle.onLoad({ filter: /.*/, namespace: 'unchecked' }, () => ({
      contents: 'exports.Ajv2020 = class { addKeyword() {} compile() { return () => true; } };',
    }));
  },
};

/** What Kafka's client asks for its file. */
const ownUrl = {
  define: { 'import.meta.url': '__bundleUrl' },
  banner: { js: "const __bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
};

/** Stock clients of brokers, each in a file of its own: processes read it when they are wired to such a broker. */
const messageClients = {
  'messages-redis': 'engine/process-kit/messages/redis/open.ts',
  'messages-kafka': 'engine/process-kit/messages/kafka/open.ts',
  'messages-rabbitmq': 'engine/process-kit/messages/rabbitmq/open.ts',
};

/** The servers of `archipel broker`, each in a file of its own: who runs one reads no other. */
const separateServers = {
  name: 'separate-servers',
  setup: (bundle) =>
    bundle.onResolve({ filter: /^\.\/servers\/\w+\.ts$/ }, ({ path }) => ({
      path: `./embedded-${basename(path, '.ts')}.cjs`,
      external: true,
    })),
};

/** BullMQ and its store, in a file of their own: an engine reads it at the first job. */
const separateJobs = {
  name: 'separate-jobs',
  setup: (bundle) => bundle.onResolve({ filter: /jobs\/store\.ts$/ }, () => ({ path: './jobs.cjs', external: true })),
};

/** Programs that bring a whole server or parser along: an idle process reads their own file when it becomes one, and not before. */
const large = new Set(['cache', 'broker-redis', 'broker-kafka', 'broker-rabbitmq', 'scheduler']);

/** All other programs in one file, of which an idle process runs the one that it is told to become. */
const warm = (kinds) => ({
  contents: [
    "import { waitForProgram } from './engine/process-kit/warm-process.ts';",
    "import './engine/process-kit/run-process.ts';",
    "import './engine/process-kit/handler-program.ts';",
    'waitForProgram({',
    ...kinds.map((kind) => {
      const file = large.has(kind) ? `./${kind}.cjs` : `./engine/kinds/${kind}/process.ts`;
      return `  ${JSON.stringify(kind)}: () => require('${file}'),`;
    }),
    '});',
  ].join('\n'),
  resolveDir: dirname(import.meta.dirname),
  loader: 'ts',
});

export async function buildBundles(root) {
  const at = (...parts) => join(root, ...parts);
  const existing = (entries) => Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(file)));

  /** Spawned processes: CommonJS, which starts fastest. */
  const kinds = existing(
    Object.fromEntries(readdirSync(at('engine/kinds')).map((kind) => [kind, at('engine/kinds', kind, 'process.ts')])),
  );
  const children = existing({
    ...kinds,
    link: at('engine/runtime/links/process.ts'),
    guardian: at('engine/runtime/guardian/process.ts'),
    acts: at('engine/faults/acts.ts'),
    'lambda-bootstrap': at('engine/wire/lambda/bootstrap/main.ts'),
    jobs: at('engine/jobs/store.ts'),
    'next-environment': at('engine/wire/next/environment.ts'),
    'workers-isolate': at('engine/wire/workers/isolate.ts'),
    ...Object.fromEntries(Object.entries(messageClients).map(([name, file]) => [name, at(file)])),
  });
  const programs = existing({
    host: at('engine/api/host.ts'),
    cli: at('engine/cli/main.ts'),
  });
  const brokers = existing({
    broker: at('engine/cli/broker-main.ts'),
    ...Object.fromEntries(
      ['redis', 'rabbitmq', 'kafka'].map((name) => [
        `embedded-${name}`,
        at('engine/cli/brokers/servers', `${name}.ts`),
      ]),
    ),
  });
  const shell = existing({ main: at('electron/main.ts'), preload: at('electron/preload.ts') });

  const common = {
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node18',
    sourcemap: true,
    logLevel: 'warning',
    // Nothing reaches dist/ before the whole bundle is there: other processes may be starting from it.
    write: false,
  };
  const cjs = { ...common, format: 'cjs', outExtension: { '.js': '.cjs' } };
  const esm = { ...common, format: 'esm', outExtension: { '.js': '.mjs' }, banner };

  const entries = [
    ...Object.entries(children).map(([name, file]) => ({
      ...cjs,
      entryPoints: { [name]: file },
      outdir: at('dist/engine'),
      plugins: [separatePg, leanBullmq, leanKafka],
      ...(name === 'messages-kafka' && ownUrl),
    })),
    {
      ...cjs,
      stdin: warm(Object.keys(kinds)),
      outfile: at('dist/engine/warm.cjs'),
      outExtension: undefined,
      plugins: [separatePg],
    },
    { ...cjs, stdin: pg, outfile: at('dist/engine/pg.cjs'), outExtension: undefined },
    // Whoever wants a broker waits for it: there is little to read, and of Node's own modules only what the one needs that is asked for.
    ...Object.entries(brokers).map(([name, file]) => ({
      ...cjs,
      entryPoints: { [name]: file },
      outdir: at('dist/engine'),
      ...(name === 'broker' && { plugins: [separateServers], supported: { 'dynamic-import': false } }),
      ...{ minifyWhitespace: true, minifySyntax: true, lineLimit: 200 },
    })),
    ...Object.entries(programs).map(([name, file]) => ({
      ...esm,
      entryPoints: { [name]: file },
      outdir: at('dist/engine'),
      plugins: [separateJobs],
    })),
    ...Object.entries(shell).map(([name, file]) => ({
      ...cjs,
      entryPoints: { [name]: file },
      outdir: at('dist/electron'),
    })),
  ];
  // Each on its own, so that one broken entry does not keep the others old.
  const results = await Promise.allSettled(
    entries.map((entry) =>
      build({ ...entry, external: ['electron', 'pg-native', ...[...large].map((kind) => `./${kind}.cjs`)] }),
    ),
  );
  for (const { value } of results)
    for (const file of value?.outputFiles ?? []) replaceIfChanged(file.path, file.contents);
  for (const [name, file] of Object.entries(assets))
    replaceIfChanged(at('dist/engine', name), readFileSync(at('node_modules', file)));
  const errors = results.flatMap(({ reason }) => reason ?? []);
  if (errors.length > 0)
    throw new AggregateError(errors, `${errors.length} of ${entries.length} bundles were not built, see above.`);
}

/** By rename, so that a process that starts right now reads either the old file or the new one. */
function replaceIfChanged(path, contents) {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  mkdirSync(dirname(path), { recursive: true });
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}`);
  writeFileSync(temporary, contents);
  renameSync(temporary, path);
}
