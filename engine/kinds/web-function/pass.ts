import { Agent, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';

/** How the answer of an environment was. */
export type Passed =
  /** It was handed on to its end. */
  | { type: 'answered'; status: number }
  /** Its head says that it is none to hand on; `body` is what stands in it. */
  | { type: 'withheld'; body: string }
  /** The connection ended before the answer did. */
  | { type: 'broken'; isBegun: boolean }
  /** The caller has gone. */
  | { type: 'cancelled' };

export interface PassOptions {
  port: number;
  headers: IncomingHttpHeaders;
  withholds(status: number, headers: IncomingHttpHeaders): boolean;
  /** It is given up. */
  signal: AbortSignal;
  /** Bytes came. */
  onProgress(): void;
}

/** Of a body that is not handed on. */
const MOST_WITHHELD_BYTES = 64 * 1024;
/** Runtimes close connections that nobody uses after five seconds: ours are closed before. */
const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, timeout: 2500 });

/** Headers of one connection, which a proxy does not hand on: RFC 9110, 7.6.1. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'upgrade']);

const handedOn = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)));

/** Hands a request on to an environment, and its answer back, both as streams. */
export function pass(incoming: IncomingMessage, outgoing: ServerResponse, options: PassOptions): Promise<Passed> {
  return new Promise((resolve) => {
    let isBegun = false;
    let isDone = false;
    const upstream = request({
      ...{ host: '127.0.0.1', port: options.port, agent },
      ...{ method: incoming.method, path: incoming.url, headers: handedOn(options.headers) },
    });
    const done = (passed: Passed): void => {
      if (isDone) return;
      isDone = true;
      outgoing.off('close', onClose);
      resolve(passed);
    };
    const onClose = (): void => {
      if (outgoing.writableFinished) return;
      done({ type: 'cancelled' });
      upstream.destroy();
    };
    outgoing.on('close', onClose);
    options.signal.addEventListener('abort', () => {
      done({ type: 'broken', isBegun });
      upstream.destroy();
    });
    upstream.on('error', () => done({ type: 'broken', isBegun }));
    upstream.on('response', (answer) => {
      options.onProgress();
      const status = answer.statusCode ?? 502;
      if (options.withholds(status, answer.headers)) {
        let body = '';
        answer.setEncoding('utf8').on('data', (text: string) => {
          if (body.length < MOST_WITHHELD_BYTES) body += text;
        });
        answer.on('end', () => done({ type: 'withheld', body }));
        answer.on('error', () => done({ type: 'broken', isBegun }));
        return;
      }
      isBegun = true;
      outgoing.writeHead(status, handedOn(answer.headers));
      answer.on('data', (chunk: Buffer) => {
        options.onProgress();
        if (!outgoing.write(chunk)) {
          answer.pause();
          outgoing.once('drain', () => answer.resume());
        }
      });
      answer.on('end', () => {
        outgoing.end(() => done({ type: 'answered', status }));
      });
      answer.on('error', () => done({ type: 'broken', isBegun }));
    });
    incoming.on('error', () => upstream.destroy());
    incoming.pipe(upstream);
  });
}
