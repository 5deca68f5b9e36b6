/** The config of a Next.js-style function as its process gets it. It loads no schema library. */
export interface NextConfig {
  routeHandlers: { path: string; source: string }[];
  project: string;
  server: 'auto' | 'next' | 'own';
  concurrency: number;
  maxEnvironments: number;
  memoryMb: number;
  timeoutMs: number;
  idleTimeoutMs: number;
  environment: Record<string, string>;
}

export const START_TIMEOUT_MS = 20_000;
