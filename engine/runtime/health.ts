import { get } from 'node:http';
import { HEALTH_PATH } from '../model/health-path.ts';

/** Whether the program on this port answers its health check in time. Never throws. */
export function healthyHttp(port: number, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: HEALTH_PATH, agent: false }, (response) => {
      response.resume();
      response.on('error', () => {});
      resolve(response.statusCode === 200);
    });
    const timer = setTimeout(() => request.destroy(new Error('no answer in time')), timeoutMs);
    request.on('error', () => resolve(false));
    request.on('close', () => {
      clearTimeout(timer);
      resolve(false);
    });
  });
}
