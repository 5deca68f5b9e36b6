/** The config of a Workers-style function as its process gets it. It loads no schema library. */
export interface WorkersConfig {
  source: string;
  file: string;
  runtime: 'auto' | 'workerd' | 'isolates';
  compatibilityDate: string;
  compatibilityFlags: string[];
  cpuLimitMs: number;
  requestsPerIsolate: number;
  maxIsolates: number;
  idleTimeoutMs: number;
  environment: Record<string, string>;
}

/** https://developers.cloudflare.com/workers/platform/limits/: memory of an isolate. */
export const ISOLATE_MEMORY_MB = 128;

/** A Worker may take a second to start; a loaded computer takes longer for the process around it. */
export const START_TIMEOUT_MS = 10_000;
