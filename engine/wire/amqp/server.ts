import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { getHeapStatistics } from 'node:v8';
import { Alarm, DRILL } from './broker/alarm.ts';
import { Broker, type Drill } from './broker/broker.ts';
import type { Fate } from './broker/counters.ts';
import type { Entry } from './broker/entry.ts';
import type { Message } from './broker/message.ts';
import type { Queue } from './broker/queue.ts';
import type { VirtualHost } from './broker/virtual-host.ts';
import { type Definitions, define } from './define.ts';
import { Log, makeDirectory } from './persistence/log.ts';
import { type Recovered, recover } from './persistence/recover.ts';
import { notAllowed } from './protocol/errors.ts';
import type { FieldTable, FieldValue } from './protocol/field-table.ts';
import { readProperties } from './protocol/properties.ts';
import type { Users } from './session/authentication.ts';
import { Connection } from './session/connection.ts';
import type { ConnectionSettings } from './session/control.ts';
import {
  type ConnectionStatus,
  connectionStatus,
  decoded,
  type ExchangeStatus,
  encoded,
  exchangeStatuses,
  type PeekedMessage,
  type PeekOptions,
  peek,
  type QueueStatus,
  queueStatuses,
} from './status.ts';
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
  /** A channel whose client does not acknowledge a message for so long is ended. Default: half an hour. */
  consumerTimeoutMs?: number;
  /** While messages cost more than this, publishers are not read from. Default: 60 % of what V8 may use. */
  maxHeldBytes?: number;
  /** Epoch milliseconds. */
  now?(): number;
  /** Asked for all that a client sends: how much later it is looked at. */
  commandDelayMs?(): number;
  /** A drill: how much longer it takes until what was written is on the disk, in milliseconds. */
  diskDelayMs?(): number;
  /** Told of each method that a client has called on a channel, and how long that took. */
  onMethod?(durationMs: number, failed: boolean): void;
  /** Told of messages that a queue let go by its own rules: too old, too many, returned too often. */
  onLetGo?(message: { queue: string; id: string }, fate: Fate): void;
  /** Told of errors that are the server's own fault. */
  onDefect?(error: unknown): void;
}

export interface AmqpServer {
  /** Resolves with the port. */
  listen(): Promise<number>;
  /** What the log had; null without a data directory. */
  readonly recovered: Recovered | null;
  /** Bytes of the log; 0 without one. */
  readonly logBytes: number;
  /** What messages cost, in queues and with consumers; an estimate. */
  readonly heldBytes: number;
  queues(): QueueStatus[];
  exchanges(): ExchangeStatus[];
  connections(): ConnectionStatus[];
  /** Messages of a queue, which stay there. Throws when there is no such queue. */
  peek(queue: string, count: number, options?: PeekOptions): PeekedMessage[];
  /** The ids (`message-id`) of what waits in the queue and of what consumers have of it; without those that have none. */
  messageIds(queue: string, virtualHost?: string): string[];
  /** Drops what waits; returns how many messages that was. */
  purge(queue: string, virtualHost?: string): number;
  /** Declares exchanges, queues and bindings. Throws an `AmqpError` when they are there in another form. */
  define(definitions: Definitions, virtualHost?: string): void;
  /** A drill: as if there were too little of something, publishers are held up until `unblock`. */
  block(what?: string): void;
  unblock(what?: string): void;
  /** A drill: what becomes of messages and confirms, until it is set to something else. */
  drill: Drill;
  /** Ends a connection with a reason that its client is told; false if it is gone. */
  closeConnection(id: number, reason: string): boolean;
  /** Rewrites the log without what is over. */
  compact(): void;
  /** Resolves when all connections are closed, the port is free and the log is on the disk. */
  close(): Promise<void>;
}

const TICK_MS = 1000;
const HEAP_SHARE = 0.6;
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
    consumerTimeoutMs: options.consumerTimeoutMs ?? 30 * 60_000,
    serverProperties: SERVER_PROPERTIES,
  };
  // Later: it may go off in the midst of what a queue does.
  const alarm: Alarm = new Alarm(() =>
    setImmediate(() => {
      if (!alarm.isOn) for (const connection of [...connections]) connection.unblock();
    }),
  );
  const broker = new Broker({
    virtualHosts: (options.virtualHosts ?? ['/']).map(encoded),
    alarm,
    maxHeldBytes: options.maxHeldBytes ?? HEAP_SHARE * getHeapStatistics().heap_size_limit,
    now: options.now ?? (() => Date.now()),
  });
  const { onLetGo } = options;
  if (onLetGo)
    broker.onLetGo = ({ queue, message }, fate) => onLetGo({ queue: decoded(queue.name), id: idOf(message) }, fate);
  const connections = new Set<Connection>();
  let nextId = 1;
  let log: Log | null = null;

  /** Brings back what the log has, and begins to write on. */
  const openLog = (directory: string): Recovered => {
    makeDirectory(directory);
    const recovered = recover(directory, broker);
    log = new Log({ directory, broker, bytes: recovered.bytes, delayMs: options.diskDelayMs });
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
      delayMs: options.commandDelayMs ?? (() => 0),
      onMethod: options.onMethod ?? (() => {}),
      onClose: () => connections.delete(connection),
      onDefect,
    });
    connections.add(connection);
  };
  const listeners = [createTcpServer(accept), createTcpServer(accept)] as const;

  const recovered = options.dataDir === undefined ? null : openLog(options.dataDir);

  const ticker = setInterval(() => {
    for (const { queues } of broker.virtualHosts.values()) for (const queue of queues.values()) queue.rates.sample();
    for (const connection of connections) connection.checkConsumers();
  }, TICK_MS).unref();
  const virtualHostOf = (name = '/'): VirtualHost => {
    const virtualHost = broker.virtualHosts.get(encoded(name));
    if (!virtualHost) throw notAllowed(`vhost ${name} not found`);
    return virtualHost;
  };
  /** What consumers have of a queue. */
  const unackedOf = (queue: Queue): Entry[] =>
    [...connections].flatMap(({ channels }) =>
      [...channels.values()].flatMap(({ unacked }) =>
        [...unacked].flatMap(({ entry }) => (entry.queue === queue ? [entry] : [])),
      ),
    );

  return {
    recovered,
    get logBytes() {
      return log?.bytes ?? 0;
    },
    get heldBytes() {
      return broker.heldBytes;
    },
    queues: () => queueStatuses(broker),
    exchanges: () => exchangeStatuses(broker),
    connections: () => [...connections].map(connectionStatus),
    peek(name, count, options = {}) {
      const queue = virtualHostOf(options.virtualHost).queue(encoded(name));
      return peek(options.of === 'unacked' ? unackedOf(queue) : queue.ready, count, broker.nowMs(), options);
    },
    messageIds(name, virtualHost) {
      const queue = virtualHostOf(virtualHost).queue(encoded(name));
      return [...queue.ready, ...unackedOf(queue)].map(({ message }) => idOf(message)).filter(Boolean);
    },
    purge: (queue, virtualHost) => virtualHostOf(virtualHost).queue(encoded(queue)).purge(),
    define: (definitions, virtualHost) => define(virtualHostOf(virtualHost), definitions),
    block: (what = 'memory') => alarm.raise(`${DRILL}${what}`),
    unblock: (what = 'memory') => alarm.clear(`${DRILL}${what}`),
    get drill() {
      return broker.drill;
    },
    set drill(drill) {
      broker.drill = drill;
    },
    closeConnection(id, reason) {
      const connection = [...connections].find((each) => each.id === id);
      connection?.close(encoded(reason));
      return connection !== undefined;
    },
    compact: () => log?.rewrite(),
    listen: () => listenOn(listeners, options.port ?? 0),
    async close() {
      clearInterval(ticker);
      const closed = listeners.map(
        (listener) =>
          new Promise<void>((resolve) => (listener.listening ? listener.close(() => resolve()) : resolve())),
      );
      for (const connection of connections) connection.destroy();
      await Promise.all(closed);
      broker.stop();
      await log?.close();
    },
  };
}

const idOf = ({ properties }: Message): string => decoded(readProperties(properties).messageId ?? '');

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
