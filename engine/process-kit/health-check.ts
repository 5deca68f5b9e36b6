import { get } from 'node:http';
import { HEALTH_PATH } from '../model/health-path.ts';

/**
 * Whether what listens on this port of 127.0.0.1 answers GET `path` in time with a status from 200 to 399, as Kubernetes
 * judges an HTTP probe. Each check opens a connection of its own. Never throws.
 */
export function answersHealthCheck(port: number, path: string, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      response.resume();
      response.on('error', () => {});
      resolve((response.statusCode ?? 500) < 400);
    });
    const timer = setTimeout(() => request.destroy(new Error('no answer in time')), timeoutMs);
    request.on('error', () => resolve(false));
    request.on('close', () => {
      clearTimeout(timer);
      resolve(false);
    });
  });
}

/** The same at the path that every program of ours answers. */
export const healthyHttp = (port: number, timeoutMs: number): Promise<boolean> =>
  answersHealthCheck(port, HEALTH_PATH, timeoutMs);
