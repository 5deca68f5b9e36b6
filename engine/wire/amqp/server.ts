import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { Broker } from './broker/broker.ts';
import { Log, makeDirectory } from './persistence/log.ts';
import { type Recovered, recover } from './persistence/recover.ts';
import type { FieldTable, FieldValue } from './protocol/field-table.ts';
import { Alarm } from './session/alarm.ts';
import type { Users } from './session/authentication.ts';
import { Connection, type ConnectionSettings } from './session/connection.ts';
import { RABBITMQ_VERSION } from './version.ts';

export interface AmqpServerOptions {
  /** On 127.0.0.1 and ::1; default: a free one. */
  port?: number;
  /**
   * Where the log lies with what is durable; made if it is not there. What is confirmed is on the disk. Default: nothing is
   * written to disk.
   */
  dataDir?: string;
  /** Names of virtual hosts. Default: `/`. */
  virtualHosts?: readonly string[];
  /** Passwords by names. Default: guest, with the password guest. */
  users?: Users;
  /** What is offered to clients; 0: no limit, no heartbeat. */
  channelMax?: number;
  frameMax?: number;
  heartbeatS?: number;
  /** Longest body of a message. Default: 128 MiB. */
  maxMessageBytes?: number;
  maxConnections?: number;
  /** Epoch milliseconds. */
  now?(): number;
  /** Told of errors that are the server's own fault. */
  onDefect?(error: unknown): void;
}

export interface AmqpServer {
  /** Resolves with the port. */
  listen(): Promise<number>;
  readonly broker: Broker;
  /** What the log had; null without a data directory. */
  readonly recovered: Recovered | null;
  readonly connections: ReadonlySet<Connection>;
  /** Resolves when all connections are closed and the port is free. */
  close(): Promise<void>;
}

const text = (value: string): FieldValue => ({ type: 'longstr', value });
const CAPABILITIES = [
  'publisher_confirms',
  'exchange_exchange_bindings',
  'basic.nack',
  'consumer_cancel_notify',
  'connection.blocked',
  'consumer_priorities',
  'authentication_failure_close',
  'per_consumer_qos',
  'direct_reply_to',
];
const SERVER_PROPERTIES: FieldTable = [
  ['capabilities', { type: 'table', value: CAPABILITIES.map((name) => [name, { type: 'bool', value: true }]) }],
  ['cluster_name', text('rabbit@localhost')],
  ['copyright', text('')],
  ['information', text('An embedded server that behaves as RabbitMQ does.')],
  ['platform', text(`Node.js ${process.versions.node}`)],
  ['product', text('RabbitMQ')],
  ['version', text(RABBITMQ_VERSION)],
];

/** A server that speaks AMQP 0-9-1 as RabbitMQ does, and holds its messages in memory, with a log of what is durable. */
export function createServer(options: AmqpServerOptions = {}): AmqpServer {
  const { maxConnections = 10_000, onDefect = () => {} } = options;
  const settings: ConnectionSettings = {
    users: options.users ?? { guest: 'guest' },
    channelMax: options.channelMax ?? 2047,
    frameMax: options.frameMax ?? 131_072,
    heartbeatS: options.heartbeatS ?? 60,
    maxMessageBytes: options.maxMessageBytes ?? 128 * 1024 * 1024,
    serverProperties: SERVER_PROPERTIES,
  };
  const broker = new Broker({ virtualHosts: options.virtualHosts ?? ['/'], now: options.now ?? (() => Date.now()) });
  const alarm = new Alarm();
  const connections = new Set<Connection>();
  let nextId = 1;
  let log: Log | null = null;

  /** Brings back what the log has, and begins to write on. */
  const openLog = (directory: string): Recovered => {
    makeDirectory(directory);
    const recovered = recover(directory, broker);
    log = new Log({ directory, broker, bytes: recovered.bytes });
    broker.journal = log;
    recovered.handOver(log);
    return recovered;
  };

  const accept = (socket: Socket): void => {
    if (connections.size >= maxConnections) {
      socket.destroy();
      return;
    }
    const connection = new Connection({
      id: nextId++,
      socket,
      broker,
      settings,
      alarm,
      whenDurable: (done) => (log ? log.whenDurable(done) : done()),
      onClose: () => connections.delete(connection),
      onDefect,
    });
    connections.add(connection);
  };
  const listeners = [createTcpServer(accept), createTcpServer(accept)] as const;

  const recovered = options.dataDir === undefined ? null : openLog(options.dataDir);

  return {
    broker,
    recovered,
    connections,
    listen: () => listenOn(listeners, options.port ?? 0),
    async close() {
      broker.stop();
      const closed = listeners.map(
        (listener) =>
          new Promise<void>((resolve) => (listener.listening ? listener.close(() => resolve()) : resolve())),
      );
      for (const connection of connections) connection.destroy();
      await Promise.all(closed);
      await log?.close();
    },
  };
}

/** The same port for both families; where there is no IPv6, the first is enough. */
async function listenOn([first, second]: readonly [Server, Server], port: number): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    await listenAt(first, '127.0.0.1', port);
    const { port: taken } = first.address() as AddressInfo;
    try {
      await listenAt(second, '::1', taken);
      return taken;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EADDRINUSE') return taken;
      await new Promise((resolve) => first.close(resolve));
      // A free port of one family may be taken in the other.
      if (port !== 0 || attempt === 10) throw error;
    }
  }
}

const listenAt = (server: Server, host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      // Accepting may fail for want of file descriptors; those who have a connection keep it.
      server.on('error', () => {});
      resolve();
    });
  });
