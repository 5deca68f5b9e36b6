import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from '@playwright/test';
import react from '@vitejs/plugin-react';
import sirv from 'sirv';
import { build } from 'vite';
import { WebSocketServer } from 'ws';
import { findChromium } from '../scripts/chromium.mjs';
import { isRoot } from '../scripts/electron-runtime.mjs';

/** The bench page, built like the window, in a browser. */
export interface WindowBrowser {
  /** Opens a scene in a tab of its own and waits until it can be driven. */
  open(query: Record<string, string | number>): Promise<Page>;
  close(): Promise<void>;
}

const size = { width: 1280, height: 720 };

/** Null where no Chromium is installed. */
export async function openWindowBrowser(): Promise<WindowBrowser | null> {
  const executablePath = findChromium();
  if (!executablePath) return null;
  const directory = mkdtempSync(join(tmpdir(), 'archipel-bench-window-'));
  await build({
    configFile: false,
    root: fileURLToPath(new URL('window-page', import.meta.url)),
    base: './',
    logLevel: 'error',
    plugins: [react()],
    build: { outDir: directory, emptyOutDir: true, target: 'chrome114', chunkSizeWarningLimit: 10_000 },
  });
  const server = createServer(sirv(directory));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // An engine that only says that it is there: without one, the window would try again and again to reach it.
  const silent = new WebSocketServer({ server });
  silent.on('connection', (socket) => socket.on('message', (said) => String(said) === 'PING' && socket.send('PONG')));
  const { port } = server.address() as AddressInfo;
  const browser: Browser = await chromium.launch({ executablePath, chromiumSandbox: !isRoot() });
  return {
    async open(query) {
      const asked = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
      const page = await browser.newPage({ viewport: size });
      await page.goto(`http://127.0.0.1:${port}/?${asked}`);
      await page.waitForFunction(() => globalThis.windowBench !== undefined);
      return page;
    },
    async close() {
      await browser.close();
      silent.close();
      await new Promise((resolve) => server.close(resolve));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
