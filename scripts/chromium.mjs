import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';

const systemPaths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A Chromium for the browser suite: the one of Playwright, or one of the system. Null when there is none. */
export function findChromium() {
  const named = process.env.ARCHIPEL_CHROMIUM;
  if (named) return existsSync(named) ? named : null;
  return [chromium.executablePath(), ...systemPaths].find((path) => existsSync(path)) ?? null;
}

/** Downloads the Chromium that fits this Playwright. */
export function installPlaywrightChromium(root) {
  const cli = join(root, 'node_modules/@playwright/test/cli.js');
  spawnSync(process.execPath, [cli, 'install', 'chromium'], { stdio: ['ignore', 2, 2], timeout: 600_000 });
}
