import { resolve } from 'node:path';
import { openWith, type RunningBroker, whatItHas } from './serve.ts';

export interface RabbitmqOptions {
  port: number;
  data?: string;
  user: string;
  password: string;
}

/** Loads the server, so that other commands start without it. */
export async function openRabbitmq({ port, data, user, password }: RabbitmqOptions): Promise<RunningBroker> {
  const { createServer, DamagedLogError } = await import('./servers/rabbitmq.ts');
  const open = () =>
    createServer({
      port,
      users: { [user]: password },
      ...(data === undefined ? {} : { dataDir: resolve(data) }),
    });
  const server = openWith(open, DamagedLogError, 'messages');
  const { recovered } = server;
  const found = recovered && {
    what: `${recovered.messages} messages in ${recovered.queues} queues`,
    cutOffBytes: recovered.cutOffBytes,
  };
  return {
    listen: () => server.listen(),
    readyLine: (opened) => `rabbitmq is ready at amqp://127.0.0.1:${opened}${whatItHas(found, data)}`,
    close: () => server.close(),
  };
}
