import type { Socket } from 'node:net';
import type { Broker } from '../broker/broker.ts';
import type { VirtualHost } from '../broker/virtual-host.ts';
import { MalformedError } from '../bytes/malformed.ts';
import { Reader } from '../bytes/reader.ts';
import { execute } from '../commands/index.ts';
import {
  FRAME_BODY,
  FRAME_HEADER,
  FRAME_HEARTBEAT,
  FRAME_METHOD,
  FRAME_MIN_SIZE_BYTES,
} from '../protocol/constants.ts';
import {
  AmqpError,
  binaryText,
  channelError,
  commandInvalid,
  frameError,
  notAllowed,
  unexpectedFrame,
} from '../protocol/errors.ts';
import { type FieldTable, lookUp } from '../protocol/field-table.ts';
import { BadFrame, FrameDecoder } from '../protocol/frame-decoder.ts';
import {
  type Method,
  type MethodArguments,
  type MethodName,
  readArguments,
  readMethod,
  writeMethod,
} from '../protocol/methods.ts';
import { Output } from '../protocol/output.ts';
import type { Alarm } from './alarm.ts';
import { authenticate, MECHANISMS, type Users } from './authentication.ts';
import { Channel, type Line } from './channel.ts';
import { Heartbeat } from './heartbeat.ts';
import { publish } from './publishing.ts';

/** While so much is not taken by the client, its consumers get nothing more … */
const MAX_UNSENT_BYTES = 1024 * 1024;
/** … and while it is so much, its requests wait too. */
const MAX_UNREAD_BYTES = 8 * MAX_UNSENT_BYTES;
/** Who is not through the beginning by then is sent away; so is who does not answer to the end. */
const HANDSHAKE_TIMEOUT_MS = 10_000;
const CLOSE_TIMEOUT_MS = 3000;

export interface ConnectionSettings {
  readonly users: Users;
  readonly channelMax: number;
  readonly frameMax: number;
  readonly heartbeatS: number;
  readonly maxMessageBytes: number;
  readonly serverProperties: FieldTable;
}

type State = 'header' | 'starting' | 'tuning' | 'opening' | 'running' | 'closing' | 'closed';

/** One client: its bytes become frames, its frames what its channels do, and all that it is to get one write per turn. */
export class Connection implements Line {
  readonly id: number;
  readonly broker: Broker;
  readonly output = new Output();
  readonly channels = new Map<number, Channel>();
  readonly connectedAtMs: number;
  clientProperties: FieldTable = [];
  user = '';
  state: State = 'header';
  frameMax = FRAME_MIN_SIZE_BYTES;
  /** It has published while an alarm is on, and is not read from until that is off. */
  isBlocked = false;
  readonly #socket: Socket;
  readonly #settings: ConnectionSettings;
  readonly #alarm: Alarm;
  readonly #durability: (done: () => void) => void;
  readonly #onClose: () => void;
  readonly #onDefect: (error: unknown) => void;
  readonly #decoder = new FrameDecoder();
  #virtualHost: VirtualHost | null = null;
  #channelMax = 0;
  #heartbeat: Heartbeat | null = null;
  #deadline: NodeJS.Timeout;
  #isScheduled = false;
  /** A consumer got nothing because too much is unsent. */
  #isStarving = false;
  #received = 0;
  #sent = 0;

  constructor(options: {
    id: number;
    socket: Socket;
    broker: Broker;
    settings: ConnectionSettings;
    alarm: Alarm;
    whenDurable(done: () => void): void;
    onClose(): void;
    onDefect(error: unknown): void;
  }) {
    this.id = options.id;
    this.broker = options.broker;
    this.connectedAtMs = options.broker.nowMs();
    this.#socket = options.socket;
    this.#settings = options.settings;
    this.#alarm = options.alarm;
    this.#durability = options.whenDurable;
    this.#onClose = options.onClose;
    this.#onDefect = options.onDefect;
    this.#deadline = this.#endIn(HANDSHAKE_TIMEOUT_MS);
    const { socket } = options;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      this.#received += chunk.length;
      this.#decoder.push(chunk);
      this.#advance();
    });
    socket.on('drain', () => this.#eased());
    // Its close follows.
    socket.on('error', () => {});
    socket.on('close', () => this.#ended());
  }

  get owner(): object {
    return this;
  }

  get label(): string {
    const { remoteAddress, remotePort, localAddress, localPort } = this.#socket;
    return `${remoteAddress}:${remotePort} -> ${localAddress}:${localPort}`;
  }

  get virtualHost(): VirtualHost {
    return this.#virtualHost as VirtualHost;
  }

  get maxMessageBytes(): number {
    return this.#settings.maxMessageBytes;
  }

  get wantsCancels(): boolean {
    return this.#can('consumer_cancel_notify');
  }

  get unsentBytes(): number {
    return this.output.length + this.#socket.writableLength;
  }

  isCongested(): boolean {
    const isCongested = this.unsentBytes > MAX_UNSENT_BYTES;
    if (isCongested) this.#isStarving = true;
    return isCongested;
  }

  flushLater(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    process.nextTick(() => this.#flush());
  }

  whenDurable(done: () => void): void {
    this.#durability(done);
  }

  /** Ends it from this side, with a reason that the client is told. */
  close(text: string): void {
    if (this.state === 'closing' || this.state === 'closed') return;
    if (this.state === 'running') this.#fail(new AmqpError('CONNECTION_FORCED', text), null);
    else this.destroy();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** What an alarm held up goes on. */
  unblock(): void {
    if (!this.isBlocked) return;
    this.isBlocked = false;
    this.#heartbeat?.pause(false);
    if (this.#can('connection.blocked')) this.#send('connection.unblocked', {});
    this.#advance();
  }

  #can(capability: string): boolean {
    const capabilities = lookUp(this.clientProperties, 'capabilities');
    return capabilities?.type === 'table' && lookUp(capabilities.value, capability)?.value === true;
  }

  #send<Name extends MethodName>(name: Name, args: MethodArguments<Name>): void {
    writeMethod(this.output, 0, name, args);
    this.flushLater();
  }

  #flush(): void {
    for (const { confirms } of this.channels.values()) confirms?.flush();
    this.#isScheduled = false;
    const pieces = this.output.drain();
    if (pieces.length === 0 || this.#socket.destroyed) return;
    if (pieces.length > 1) this.#socket.cork();
    for (const piece of pieces) {
      this.#sent += piece.length;
      this.#socket.write(piece);
    }
    if (pieces.length > 1) this.#socket.uncork();
    if (this.#isStarving && this.unsentBytes <= MAX_UNSENT_BYTES) this.#eased();
  }

  /** There is room again. */
  #eased(): void {
    if (this.#isStarving && this.unsentBytes <= MAX_UNSENT_BYTES) {
      this.#isStarving = false;
      for (const channel of [...this.channels.values()]) channel.wakeConsumers();
    }
    this.#advance();
  }

  /** Does what was received, as far as it is there and may be done now. */
  #advance(): void {
    try {
      while (!this.#mustWait() && !this.#socket.destroyed && this.#step());
    } catch (error) {
      this.#defect(error);
    }
    // Bytes that cannot be served now are left where they are, in the end at their sender.
    if (this.#mustWait()) this.#socket.pause();
    else if (this.#socket.isPaused()) this.#socket.resume();
  }

  #mustWait(): boolean {
    return this.isBlocked || this.unsentBytes > MAX_UNREAD_BYTES;
  }

  /** False until there is more. */
  #step(): boolean {
    if (this.state === 'header') return this.#begin();
    const found = this.#decoder.next();
    if (found === null) return false;
    if (found instanceof BadFrame) {
      const { type, channel, payload, what } = found;
      this.#fail(frameError(`${frameText(type, payload)}: ${what}`), null);
      this.#hangUp();
      return false;
    }
    const { channel } = this.#decoder;
    try {
      if (channel === 0) this.#controlFrame();
      else this.#channelFrame(channel);
    } catch (error) {
      if (error instanceof AmqpError) this.#fail(error, null);
      else if (error instanceof MalformedError) this.#fail(new AmqpError('SYNTAX_ERROR', error.message), null);
      else throw error;
    }
    return true;
  }

  #begin(): boolean {
    const header = this.#decoder.protocolHeader();
    if (!header) return false;
    const version = header.toString('latin1');
    // The second is how 0-9-1 was written in drafts; RabbitMQ takes it too.
    if (version !== 'AMQP\0\0\x09\x01' && version !== 'AMQP\x01\x01\0\x09') {
      this.state = 'closed';
      this.#socket.end('AMQP\0\0\x09\x01', 'latin1');
      return false;
    }
    this.state = 'starting';
    this.#send('connection.start', {
      versionMajor: 0,
      versionMinor: 9,
      serverProperties: this.#settings.serverProperties,
      mechanisms: MECHANISMS,
      locales: 'en_US',
    });
    return true;
  }

  #controlFrame(): void {
    const { type, buffer, start, end } = this.#decoder;
    const isOver = this.state === 'closing' || this.state === 'closed';
    if (type === FRAME_HEARTBEAT && start === end) return;
    if (type === FRAME_METHOD) {
      const reader = new Reader(buffer, start, end);
      const method = end - start < 4 ? undefined : readMethod(reader);
      if (method) this.#control(method, reader);
      else if (!isOver) throw unknownMethod(buffer, start, end);
      return;
    }
    if (isOver) return;
    const text = frameText(type, buffer.subarray(start, end));
    throw type === FRAME_HEADER || type === FRAME_BODY ? unexpectedFrame(text) : frameError(`${text}: unknown_frame`);
  }

  #control(method: Method, reader: Reader): void {
    try {
      this.#handshakeOrClose(method, reader);
    } catch (error) {
      if (!(error instanceof AmqpError)) throw error;
      this.#fail(error, method);
    }
  }

  #handshakeOrClose(method: Method, reader: Reader): void {
    const { state } = this;
    const { name } = method;
    if (name === 'connection.close') {
      readArguments<typeof name>(method, reader);
      if (state === 'running') this.#releaseAll();
      this.#send('connection.close-ok', {});
      this.#hangUp();
    } else if (state === 'closing' || state === 'closed') {
      if (name === 'connection.close-ok') this.#hangUp();
    } else if (name === 'connection.start-ok' && state === 'starting') this.#logIn(readArguments(method, reader));
    else if (name === 'connection.tune-ok' && state === 'tuning') this.#tune(readArguments(method, reader));
    else if (name === 'connection.open' && state === 'opening') this.#open(readArguments(method, reader));
    else if (name === 'connection.update-secret' && state === 'running') {
      // Passwords do not change, and connections do not expire.
      readArguments<typeof name>(method, reader);
      this.#send('connection.update-secret-ok', {});
    } else throw channelError(`unexpected method in connection state ${state}`);
  }

  #logIn({ clientProperties, mechanism, response }: MethodArguments<'connection.start-ok'>): void {
    this.clientProperties = clientProperties;
    this.user = authenticate(this.#settings.users, mechanism, response);
    this.state = 'tuning';
    const { channelMax, frameMax, heartbeatS } = this.#settings;
    this.#send('connection.tune', { channelMax, frameMax, heartbeat: heartbeatS });
  }

  #tune({ channelMax, frameMax, heartbeat }: MethodArguments<'connection.tune-ok'>): void {
    checkAgreed('frame_max', frameMax, FRAME_MIN_SIZE_BYTES, this.#settings.frameMax);
    checkAgreed('channel_max', channelMax, 1, this.#settings.channelMax);
    this.frameMax = frameMax;
    this.#decoder.frameMax = frameMax === 0 ? Number.POSITIVE_INFINITY : frameMax;
    this.#channelMax = channelMax;
    this.state = 'opening';
    if (heartbeat > 0) this.#startHeartbeat(heartbeat);
  }

  #open({ virtualHost }: MethodArguments<'connection.open'>): void {
    const found = this.broker.virtualHosts.get(virtualHost);
    if (!found) throw notAllowed(`vhost ${virtualHost} not found`);
    this.#virtualHost = found;
    this.state = 'running';
    clearTimeout(this.#deadline);
    this.#send('connection.open-ok', {});
  }

  #startHeartbeat(intervalS: number): void {
    let [received, sent] = [this.#received, this.#sent];
    this.#heartbeat = new Heartbeat({
      intervalS,
      hasSent: () => {
        const hasSent = this.#sent !== sent;
        sent = this.#sent;
        return hasSent;
      },
      hasReceived: () => {
        const hasReceived = this.#received !== received;
        received = this.#received;
        return hasReceived;
      },
      send: () => {
        if (this.state !== 'running' || this.unsentBytes > MAX_UNSENT_BYTES) return;
        this.output.end(this.output.begin(FRAME_HEARTBEAT, 0, 0));
        this.flushLater();
      },
      lost: () => this.destroy(),
    });
  }

  #channelFrame(number: number): void {
    const { type, buffer, start, end } = this.#decoder;
    if (this.state !== 'running') {
      if (this.state === 'closing' || this.state === 'closed') return;
      throw unexpectedFrame(frameText(type, buffer.subarray(start, end)));
    }
    if (type < FRAME_METHOD || type > FRAME_BODY) {
      const text = frameText(type, buffer.subarray(start, end));
      throw type === FRAME_HEARTBEAT && start === end ? unexpectedFrame(text) : frameError(`${text}: unknown_frame`);
    }
    const channel = this.channels.get(number) ?? this.#newChannel(number);
    let method: Method | undefined;
    try {
      if (type === FRAME_METHOD) {
        const reader = new Reader(buffer, start, end);
        method = end - start < 4 ? undefined : readMethod(reader);
        if (!method) throw unknownMethod(buffer, start, end);
        this.#method(channel, method, reader);
      } else if (channel.state === 'open') this.#content(channel, type);
      else if (channel.state === 'starting') throw channel.assembler.unexpected();
    } catch (error) {
      const isContent = type !== FRAME_METHOD;
      if (error instanceof MalformedError && isContent) this.#fail(new AmqpError('INTERNAL_ERROR', ''), null);
      else if (!(error instanceof AmqpError)) throw error;
      else if (error.isHard) this.#fail(error, method ?? null);
      else this.#failChannel(channel, error, isContent ? publishMethod : (method as Method));
    }
  }

  #newChannel(number: number): Channel {
    if (this.#channelMax !== 0 && this.channels.size >= this.#channelMax)
      throw notAllowed(
        `number of channels opened (${this.channels.size}) has reached the negotiated channel_max (${this.#channelMax})`,
      );
    const channel = new Channel(number, this);
    this.channels.set(number, channel);
    return channel;
  }

  #method(channel: Channel, method: Method, reader: Reader): void {
    const { name } = method;
    if (channel.state === 'closing') {
      if (name === 'channel.close') writeMethod(this.output, channel.number, 'channel.close-ok', {});
      if (name === 'channel.close' || name === 'channel.close-ok') this.channels.delete(channel.number);
      this.flushLater();
      return;
    }
    if (channel.assembler.isBusy) throw channel.assembler.unexpected();
    const args = readArguments(method, reader);
    if (channel.state === 'starting') {
      if (name !== 'channel.open') throw channelError("expected 'channel.open'");
      channel.state = 'open';
      channel.send('channel.open-ok', {});
    } else if (name === 'channel.open') throw channelError("second 'channel.open' seen");
    else if (name === 'channel.close') {
      channel.release();
      this.channels.delete(channel.number);
      writeMethod(this.output, channel.number, 'channel.close-ok', {});
      this.flushLater();
    } else if (name === 'basic.publish') channel.assembler.begin(args as MethodArguments<'basic.publish'>);
    else execute(channel, method, args);
  }

  #content(channel: Channel, type: number): void {
    const { buffer, start, end } = this.#decoder;
    const { assembler } = channel;
    const content =
      type === FRAME_HEADER ? assembler.header(new Reader(buffer, start, end)) : assembler.body(buffer, start, end);
    if (content) publish(channel, content);
    if (this.#alarm.isOn) this.#block();
  }

  #block(): void {
    if (this.isBlocked) return;
    this.isBlocked = true;
    this.#heartbeat?.pause(true);
    if (this.#can('connection.blocked')) this.#send('connection.blocked', { reason: this.#alarm.reason });
  }

  #failChannel(channel: Channel, error: AmqpError, { classId, methodId }: Method): void {
    writeMethod(this.output, channel.number, 'channel.close', {
      replyCode: error.code,
      replyText: error.replyText,
      classId,
      methodId,
    });
    channel.release();
    this.flushLater();
  }

  /** Ends the connection, as far as the client is far enough to be told why. */
  #fail(error: AmqpError, method: Method | null): void {
    const { state } = this;
    if (state === 'closing' || state === 'closed') return;
    this.#releaseAll();
    const isTold =
      state === 'running' || state === 'opening' || state === 'tuning' || this.#can('authentication_failure_close');
    if (!isTold) {
      this.#hangUp();
      return;
    }
    this.state = 'closing';
    clearTimeout(this.#deadline);
    this.#deadline = this.#endIn(CLOSE_TIMEOUT_MS);
    this.#send('connection.close', {
      replyCode: error.code,
      replyText: error.replyText,
      classId: method?.classId ?? 0,
      methodId: method?.methodId ?? 0,
    });
  }

  #defect(error: unknown): void {
    this.#onDefect(error);
    this.#fail(new AmqpError('INTERNAL_ERROR', ''), null);
    this.#hangUp();
  }

  /** Sends what is to be sent, and then closes; what still comes is not looked at. */
  #hangUp(): void {
    this.state = 'closed';
    this.#flush();
    this.#socket.end();
    clearTimeout(this.#deadline);
    this.#deadline = this.#endIn(CLOSE_TIMEOUT_MS);
  }

  #endIn(delayMs: number): NodeJS.Timeout {
    return setTimeout(() => this.destroy(), delayMs).unref();
  }

  #releaseAll(): void {
    for (const channel of this.channels.values()) channel.release();
    this.channels.clear();
    this.#virtualHost?.deleteQueuesOf(this.owner);
  }

  #ended(): void {
    this.state = 'closed';
    clearTimeout(this.#deadline);
    this.#heartbeat?.stop();
    this.#releaseAll();
    this.#onClose();
  }
}

const publishMethod = { classId: 60, methodId: 40 } as Method;

/** A frame as RabbitMQ shows it. */
const frameText = (type: number, payload: Buffer): string =>
  payload.length <= 16
    ? `type ${type}, all octets = ${binaryText(payload)}`
    : `type ${type}, first 16 octets = ${binaryText(payload.subarray(0, 16))}`;

const unknownMethod = (buffer: Buffer, start: number, end: number): AmqpError =>
  end - start < 4
    ? frameError(`${frameText(FRAME_METHOD, buffer.subarray(start, end))}: unknown_frame`)
    : commandInvalid(`unknown method {${buffer.readUInt16BE(start)},${buffer.readUInt16BE(start + 2)}}`);

function checkAgreed(what: string, value: number, least: number, most: number): void {
  if (value !== 0 && value < least)
    throw notAllowed(`negotiated ${what} = ${value} is lower than the minimum allowed value (${least})`);
  if (most !== 0 && (value === 0 || value > most)) {
    const detail = what === 'channel_max' && value === 0 ? ' (no limit)' : '';
    throw notAllowed(`negotiated ${what} = ${value}${detail} is higher than the maximum allowed value (${most})`);
  }
}
