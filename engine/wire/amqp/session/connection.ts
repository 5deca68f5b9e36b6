import type { Socket } from 'node:net';
import type { Alarm } from '../broker/alarm.ts';
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
  type Blamed,
  channelError,
  commandInvalid,
  frameError,
  NO_METHOD,
  notAllowed,
  preconditionFailed,
  unexpectedFrame,
} from '../protocol/errors.ts';
import { lookUp } from '../protocol/field-table.ts';
import type { BadFrame, FrameDecoder } from '../protocol/frame-decoder.ts';
import {
  type Method,
  type MethodArguments,
  type MethodName,
  methodOf,
  readArguments,
  readMethod,
  writeMethod,
} from '../protocol/methods.ts';
import type { Output } from '../protocol/output.ts';
import { Channel, type Line } from './channel.ts';
import { type Agreement, type ConnectionSettings, Control, type Controlled } from './control.ts';
import { frameText } from './frame-text.ts';
import { type Heartbeat, startHeartbeat } from './heartbeat.ts';
import { publish } from './publishing.ts';
import { type FrameHandler, Transport } from './transport.ts';

/** Who is not through the beginning by then is sent away; so is who does not answer to the end. */
const HANDSHAKE_TIMEOUT_MS = 10_000;
const CLOSE_TIMEOUT_MS = 3000;

export interface ConnectionOptions {
  id: number;
  socket: Socket;
  broker: Broker;
  settings: ConnectionSettings;
  alarm: Alarm;
  whenDurable(done: () => void): void;
  delayMs(): number;
  onMethod(durationMs: number, failed: boolean): void;
  onClose(): void;
  onDefect(error: unknown): void;
}

/** One client: its frames become what its channels do, and errors become the end of a channel or of all. */
export class Connection implements Line, Controlled, FrameHandler {
  readonly id: number;
  readonly broker: Broker;
  readonly settings: ConnectionSettings;
  readonly channels = new Map<number, Channel>();
  readonly connectedAtMs: number;
  readonly agreement: Agreement = {
    clientProperties: [],
    user: '',
    frameMax: FRAME_MIN_SIZE_BYTES,
    channelMax: 0,
    heartbeatS: 0,
  };
  /** It has published while an alarm is on, and is not read from until that is off. */
  isBlocked = false;
  readonly #options: ConnectionOptions;
  readonly #transport: Transport;
  readonly #control = new Control(this);
  #virtualHost: VirtualHost | null = null;
  #heartbeat: Heartbeat | null = null;
  #deadline: NodeJS.Timeout;

  constructor(options: ConnectionOptions) {
    this.id = options.id;
    this.broker = options.broker;
    this.settings = options.settings;
    this.connectedAtMs = options.broker.nowMs();
    this.#options = options;
    this.#deadline = this.#destroyIn(HANDSHAKE_TIMEOUT_MS);
    this.#transport = new Transport(options.socket, this);
  }

  get owner(): object {
    return this;
  }

  get label(): string {
    return this.#transport.name;
  }

  get user(): string {
    return this.agreement.user;
  }

  get frameMax(): number {
    return this.agreement.frameMax;
  }

  get virtualHost(): VirtualHost {
    return this.#virtualHost as VirtualHost;
  }

  get maxMessageBytes(): number {
    return this.settings.maxMessageBytes;
  }

  get wantsCancels(): boolean {
    return this.#can('consumer_cancel_notify');
  }

  get output(): Output {
    return this.#transport.output;
  }

  get state(): Control['state'] {
    return this.#control.state;
  }

  get receivedBytes(): number {
    return this.#transport.receivedBytes;
  }

  get sentBytes(): number {
    return this.#transport.sentBytes;
  }

  isCongested(): boolean {
    return this.#transport.isCongested();
  }

  flushLater(): void {
    this.#transport.flushLater();
  }

  whenDurable(done: () => void): void {
    this.#options.whenDurable(done);
  }

  send<Name extends MethodName>(name: Name, args: MethodArguments<Name>): void {
    writeMethod(this.output, 0, name, args);
    this.flushLater();
  }

  /** Ends it from this side, with a reason that the client is told. */
  close(text: string): void {
    if (this.state === 'running') this.#fail(new AmqpError('CONNECTION_FORCED', text), null);
    else if (!this.#control.isOver) this.destroy();
  }

  destroy(): void {
    this.#transport.destroy();
  }

  /** What an alarm held up goes on. */
  unblock(): void {
    if (!this.isBlocked) return;
    this.isBlocked = false;
    this.#heartbeat?.pause(false);
    if (this.#can('connection.blocked')) this.send('connection.unblocked', {});
    this.#transport.hold(false);
  }

  /** Ends channels whose clients have left a message without an answer for too long. */
  checkConsumers(): void {
    const { consumerTimeoutMs } = this.settings;
    const beforeMs = this.broker.nowMs() - consumerTimeoutMs;
    for (const channel of this.channels.values()) {
      const first = channel.unacked.first();
      if (channel.state !== 'open' || !first || first.atMs > beforeMs) continue;
      const what = `delivery acknowledgement on channel ${channel.number} timed out. Timeout value used: ${consumerTimeoutMs} ms. This timeout value can be configured, see consumers doc guide to learn more`;
      this.#failChannel(channel, preconditionFailed(what), NO_METHOD);
    }
  }

  virtualHostOf(name: string): VirtualHost | undefined {
    return this.broker.virtualHosts.get(name);
  }

  agreed(): void {
    const { frameMax, heartbeatS } = this.agreement;
    this.#transport.decoder.frameMax = frameMax === 0 ? Number.POSITIVE_INFINITY : frameMax;
    if (heartbeatS > 0) this.#heartbeat = startHeartbeat(heartbeatS, this.#transport, () => this.destroy());
  }

  opened(virtualHost: VirtualHost): void {
    this.#virtualHost = virtualHost;
    clearTimeout(this.#deadline);
  }

  closing(): void {
    this.#releaseAll();
  }

  protocolHeader(header: Buffer): void {
    const version = header.toString('latin1');
    // The second is how 0-9-1 was written in drafts; RabbitMQ takes it too.
    if (version === 'AMQP\0\0\x09\x01' || version === 'AMQP\x01\x01\0\x09') this.#control.start();
    else {
      this.output.reserve(header.length);
      this.output.latin1('AMQP\0\0\x09\x01');
      this.closed();
    }
  }

  frame({ type, channel, buffer, start, end }: FrameDecoder): void {
    try {
      if (channel === 0) this.#controlFrame(type, buffer, start, end);
      else if (!this.#control.isOver) this.#channelFrame(channel, type, buffer, start, end);
    } catch (error) {
      if (!(error instanceof AmqpError)) throw error;
      this.#fail(error, null);
    }
  }

  badFrame({ type, payload, what }: BadFrame): void {
    this.#fail(frameError(`${frameText(type, payload)}: ${what}`), null);
    // Where one frame is not where it should be, no other is.
    this.closed();
  }

  delayMs(): number {
    return this.#options.delayMs();
  }

  beforeFlush(): void {
    for (const { confirms } of this.channels.values()) confirms?.flush();
  }

  eased(): void {
    for (const channel of [...this.channels.values()]) channel.wakeConsumers();
  }

  defect(error: unknown): void {
    this.#options.onDefect(error);
    this.#fail(new AmqpError('INTERNAL_ERROR', ''), null);
    this.closed();
  }

  /** Nothing more is said; the bytes are gone, or are about to be. */
  closed(): void {
    if (this.#control.state !== 'closed') {
      this.#control.state = 'closed';
      this.#heartbeat?.stop();
      this.#releaseAll();
      this.#transport.end();
      clearTimeout(this.#deadline);
      this.#deadline = this.#destroyIn(CLOSE_TIMEOUT_MS);
    }
    if (!this.#options.socket.destroyed) return;
    clearTimeout(this.#deadline);
    this.#options.onClose();
  }

  #can(capability: string): boolean {
    const capabilities = lookUp(this.agreement.clientProperties, 'capabilities');
    return capabilities?.type === 'table' && lookUp(capabilities.value, capability)?.value === true;
  }

  #controlFrame(type: number, buffer: Buffer, start: number, end: number): void {
    if (type === FRAME_HEARTBEAT && start === end) return;
    if (type === FRAME_METHOD) {
      const reader = new Reader(buffer, start, end);
      const method = end - start < 4 ? undefined : readMethod(reader);
      if (method) this.#controlMethod(method, reader);
      else if (!this.#control.isOver) throw unknownMethod(buffer, start, end);
    } else if (!this.#control.isOver) {
      const text = frameText(type, buffer.subarray(start, end));
      throw type === FRAME_HEADER || type === FRAME_BODY ? unexpectedFrame(text) : frameError(`${text}: unknown_frame`);
    }
  }

  #controlMethod(method: Method, reader: Reader): void {
    try {
      this.#control.method(method, reader);
    } catch (error) {
      if (!(error instanceof AmqpError)) throw error;
      this.#fail(error, method);
    }
  }

  #channelFrame(number: number, type: number, buffer: Buffer, start: number, end: number): void {
    if (this.state !== 'running') throw unexpectedFrame(frameText(type, buffer.subarray(start, end)));
    if (type < FRAME_METHOD || type > FRAME_BODY) {
      const text = frameText(type, buffer.subarray(start, end));
      throw type === FRAME_HEARTBEAT && start === end ? unexpectedFrame(text) : frameError(`${text}: unknown_frame`);
    }
    const channel = this.channels.get(number) ?? this.#newChannel(number);
    if (type !== FRAME_METHOD) {
      this.#guarded(channel, publishMethod, () => this.#content(channel, type, buffer, start, end));
      return;
    }
    const reader = new Reader(buffer, start, end);
    const method = end - start < 4 ? undefined : readMethod(reader);
    if (!method) throw unknownMethod(buffer, start, end);
    this.#guarded(channel, method, () => this.#method(channel, method, reader));
  }

  /** An error of what is done ends the channel, or all. */
  #guarded(channel: Channel, method: Method, act: () => void): void {
    const fromMs = performance.now();
    let failed = false;
    try {
      act();
    } catch (error) {
      failed = true;
      if (error instanceof MalformedError) this.#fail(new AmqpError('INTERNAL_ERROR', ''), null);
      else if (!(error instanceof AmqpError)) throw error;
      else if (error.isHard) this.#fail(error, method);
      else this.#failChannel(channel, error, method);
    } finally {
      this.#options.onMethod(performance.now() - fromMs, failed);
    }
  }

  #newChannel(number: number): Channel {
    const { channelMax } = this.agreement;
    if (channelMax !== 0 && this.channels.size >= channelMax)
      throw notAllowed(
        `number of channels opened (${this.channels.size}) has reached the negotiated channel_max (${channelMax})`,
      );
    const channel = new Channel(number, this);
    this.channels.set(number, channel);
    return channel;
  }

  #method(channel: Channel, method: Method, reader: Reader): void {
    const { name } = method;
    if (channel.state === 'closing') {
      if (name === 'channel.close') this.#sendCloseOk(channel);
      if (name === 'channel.close' || name === 'channel.close-ok') this.channels.delete(channel.number);
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
      this.#sendCloseOk(channel);
    } else if (name === 'basic.publish') channel.assembler.begin(args as MethodArguments<'basic.publish'>);
    else execute(channel, method, args);
  }

  #sendCloseOk({ number }: Channel): void {
    writeMethod(this.output, number, 'channel.close-ok', {});
    this.flushLater();
  }

  #content(channel: Channel, type: number, buffer: Buffer, start: number, end: number): void {
    if (channel.state === 'closing') return;
    const { assembler } = channel;
    const heldBefore = assembler.heldBytes;
    const content =
      type === FRAME_HEADER ? assembler.header(new Reader(buffer, start, end)) : assembler.body(buffer, start, end);
    if (assembler.heldBytes !== heldBefore) this.broker.hold(assembler.heldBytes - heldBefore);
    if (content) publish(channel, content);
    if (this.#options.alarm.isOn) this.#block();
  }

  #block(): void {
    if (this.isBlocked) return;
    this.isBlocked = true;
    this.#heartbeat?.pause(true);
    if (this.#can('connection.blocked')) this.send('connection.blocked', { reason: this.#options.alarm.reason });
    this.#transport.hold(true);
  }

  #failChannel(channel: Channel, error: AmqpError, { classId, methodId }: Blamed): void {
    const { code: replyCode, replyText } = error;
    // First, for it may have something to confirm.
    channel.release();
    writeMethod(this.output, channel.number, 'channel.close', { replyCode, replyText, classId, methodId });
    this.flushLater();
  }

  /** Ends the connection, and tells the client why, as far as it is one. */
  #fail(error: AmqpError, method: Method | null): void {
    if (this.#control.isOver) return;
    this.#releaseAll();
    if (this.state === 'starting' && !this.#can('authentication_failure_close')) {
      this.closed();
      return;
    }
    this.#control.state = 'closing';
    clearTimeout(this.#deadline);
    this.#deadline = this.#destroyIn(CLOSE_TIMEOUT_MS);
    const { code: replyCode, replyText } = error;
    const { classId, methodId } = error.blamed ?? method ?? NO_METHOD;
    this.send('connection.close', { replyCode, replyText, classId, methodId });
  }

  #destroyIn(delayMs: number): NodeJS.Timeout {
    return setTimeout(() => this.destroy(), delayMs).unref();
  }

  #releaseAll(): void {
    for (const channel of this.channels.values()) channel.release();
    this.channels.clear();
    this.#virtualHost?.deleteQueuesOf(this.owner);
  }
}

/** What the parts of a message belong to. */
const publishMethod = methodOf('basic.publish');

const unknownMethod = (buffer: Buffer, start: number, end: number): AmqpError =>
  end - start < 4
    ? frameError(`${frameText(FRAME_METHOD, buffer.subarray(start, end))}: unknown_frame`)
    : commandInvalid(`unknown method {${buffer.readUInt16BE(start)},${buffer.readUInt16BE(start + 2)}}`);
