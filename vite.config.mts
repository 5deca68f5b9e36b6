import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The interface, for the window (`archipel://app/`) and for a browser tab (served by the engine): relative paths, nothing inline. */
export default defineConfig({
  root: at('renderer'),
  base: './',
  plugins: [react()],
  build: {
    outDir: at('dist/renderer'),
    emptyOutDir: true,
    target: 'chrome114',
    // The content security policy allows files of ours only, no data: scripts and no inline bootstrap.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
  },
});
