import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Whether system packages may be installed here: Debian or a descendant, as root. */
export const canInstallPackages = () => process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

export const hasProgram = (name) =>
  (process.env.PATH ?? '')
    .split(':')
    .concat('/usr/sbin', '/sbin')
    .some((directory) => existsSync(`${directory}/${name}`));

/** Installs the packages whose program is missing. `wanted` maps a program to its package. */
export function installMissing(wanted) {
  const missing = Object.entries(wanted).filter(([program]) => !hasProgram(program));
  if (missing.length === 0 || !canInstallPackages()) return;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = { stdio: ['ignore', 2, 2], env };
  console.log(`Installing ${missing.map(([, name]) => name).join(', ')} …`);
  spawnSync('apt-get', ['update', '-q'], options);
  spawnSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...missing.map(([, name]) => name)], options);
}
