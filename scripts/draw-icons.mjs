// node scripts/draw-icons.mjs: draws build/icon.svg in every size that the installers ask for.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { findChromium } from './chromium.mjs';

const build = join(dirname(fileURLToPath(import.meta.url)), '../build');
const svg = readFileSync(join(build, 'icon.svg'), 'utf8');
const browser = await chromium.launch({ executablePath: findChromium() ?? undefined, chromiumSandbox: false });
const page = await browser.newPage();

const draw = async (size, path) => {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`);
  await page.screenshot({ path, omitBackground: true });
};

for (const size of [16, 32, 48, 64, 128, 256, 512]) await draw(size, join(build, `icons/${size}x${size}.png`));
await draw(1024, join(build, 'icon.png'));
await browser.close();
