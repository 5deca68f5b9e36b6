// Bundles engine and desktop shell with esbuild, one file per entry. `--renderer` adds the interface (Vite).
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const at = (...parts) => join(root, ...parts);

const common = { absWorkingDir: root, bundle: true, platform: 'node', target: 'node18', sourcemap: true, logLevel: 'warning' };

/** Spawned processes: CommonJS, which starts fastest; one file each. */
const children = Object.fromEntries(
  readdirSync(at('engine/kinds'))
    .filter((kind) => existsSync(at('engine/kinds', kind, 'process.ts')))
    .map((kind) => [kind, at('engine/kinds', kind, 'process.ts')]),
);
for (const [name, file] of [
  ['link', 'engine/runtime/links/process.ts'],
  ['guardian', 'engine/runtime/guardian/process.ts'],
])
  if (existsSync(at(file))) children[name] = at(file);

await Promise.all([
  build({ ...common, entryPoints: children, outdir: at('dist/engine'), format: 'cjs', outExtension: { '.js': '.cjs' }, external: ['pg-native'] }),
  ...[
    ['engine/api/host.ts', 'host'],
    ['engine/cli/main.ts', 'cli'],
  ]
    .filter(([file]) => existsSync(at(file)))
    .map(([file, name]) =>
      build({
        ...common,
        entryPoints: { [name]: at(file) },
        outdir: at('dist/engine'),
        format: 'esm',
        outExtension: { '.js': '.mjs' },
        external: ['pg-native', 'electron'],
        banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
      }),
    ),
  ...['main', 'preload']
    .filter((name) => existsSync(at('electron', `${name}.ts`)))
    .map((name) =>
      build({
        ...common,
        entryPoints: { [name]: at('electron', `${name}.ts`) },
        outdir: at('dist/electron'),
        format: 'cjs',
        outExtension: { '.js': '.cjs' },
        external: ['electron'],
      }),
    ),
]);

if (process.argv.includes('--renderer')) {
  const vite = await import('vite');
  await vite.build({ configFile: at('vite.config.mts'), logLevel: 'warn' });
}
