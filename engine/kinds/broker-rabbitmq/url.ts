import { parseServerUrl, type ServerAddress } from '../own-server/url.ts';

/** Address and login of the user's own server. What its path names is the virtual host. */
export const parseRabbitUrl = (text: string): ServerAddress =>
  parseServerUrl(text, {
    defaultPort: 5672,
    code: 'rabbitmq-unavailable',
    what: 'the RabbitMQ server',
    nextStep:
      'Write it as amqp://user:password@host:5672/vhost; user, password, port and virtual host may be left out.',
  });
