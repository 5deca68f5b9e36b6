import type { VirtualHost } from '../broker/virtual-host.ts';
import type { Reader } from '../bytes/reader.ts';
import { FRAME_MIN_SIZE_BYTES } from '../protocol/constants.ts';
import { channelError, notAllowed } from '../protocol/errors.ts';
import type { FieldTable } from '../protocol/field-table.ts';
import { type Method, type MethodArguments, type MethodName, readArguments } from '../protocol/methods.ts';
import { authenticate, MECHANISMS, type Users } from './authentication.ts';

/** What a server offers, and asks of clients. */
export interface ConnectionSettings {
  readonly users: Users;
  /** 0: no limit, no heartbeat. */
  readonly channelMax: number;
  readonly frameMax: number;
  readonly heartbeatS: number;
  readonly maxMessageBytes: number;
  readonly consumerTimeoutMs: number;
  readonly serverProperties: FieldTable;
}

/** What both sides have agreed on. */
export interface Agreement {
  clientProperties: FieldTable;
  user: string;
  frameMax: number;
  channelMax: number;
  heartbeatS: number;
}

/** What happens on channel 0. */
export interface Controlled {
  readonly settings: ConnectionSettings;
  readonly agreement: Agreement;
  virtualHostOf(name: string): VirtualHost | undefined;
  send<Name extends MethodName>(name: Name, args: MethodArguments<Name>): void;
  /** The frames may be as long as was agreed on; heartbeats begin. */
  agreed(): void;
  opened(virtualHost: VirtualHost): void;
  /** The client ends the connection. */
  closing(): void;
  /** Both sides have ended it. */
  closed(): void;
}

export type ControlState = 'starting' | 'tuning' | 'opening' | 'running' | 'closing' | 'closed';

/** Channel 0 of a connection: its beginning and its end. */
export class Control {
  state: ControlState = 'starting';
  readonly #connection: Controlled;

  constructor(connection: Controlled) {
    this.#connection = connection;
  }

  start(): void {
    const { serverProperties } = this.#connection.settings;
    this.#connection.send('connection.start', {
      versionMajor: 0,
      versionMinor: 9,
      serverProperties,
      mechanisms: MECHANISMS,
      locales: 'en_US',
    });
  }

  /** Nothing but the answer to a close is listened to. */
  get isOver(): boolean {
    return this.state === 'closing' || this.state === 'closed';
  }

  method(method: Method, reader: Reader): void {
    const { name } = method;
    const { state } = this;
    const connection = this.#connection;
    if (name === 'connection.close') {
      readArguments<typeof name>(method, reader);
      if (!this.isOver) connection.closing();
      connection.send('connection.close-ok', {});
      connection.closed();
    } else if (this.isOver) {
      if (name === 'connection.close-ok') connection.closed();
    } else if (name === 'connection.start-ok' && state === 'starting') this.#logIn(readArguments(method, reader));
    else if (name === 'connection.tune-ok' && state === 'tuning') this.#tune(readArguments(method, reader));
    else if (name === 'connection.open' && state === 'opening') this.#open(readArguments(method, reader));
    else if (name === 'connection.update-secret' && state === 'running') {
      // Passwords do not change, and no connection expires.
      readArguments<typeof name>(method, reader);
      connection.send('connection.update-secret-ok', {});
    } else throw channelError(`unexpected method in connection state ${state}`);
  }

  #logIn({ clientProperties, mechanism, response }: MethodArguments<'connection.start-ok'>): void {
    const { settings, agreement } = this.#connection;
    agreement.clientProperties = clientProperties;
    agreement.user = authenticate(settings.users, mechanism, response);
    this.state = 'tuning';
    const { channelMax, frameMax, heartbeatS } = settings;
    this.#connection.send('connection.tune', { channelMax, frameMax, heartbeat: heartbeatS });
  }

  #tune({ channelMax, frameMax, heartbeat }: MethodArguments<'connection.tune-ok'>): void {
    const { settings, agreement } = this.#connection;
    checkAgreed('frame_max', frameMax, FRAME_MIN_SIZE_BYTES, settings.frameMax);
    checkAgreed('channel_max', channelMax, 1, settings.channelMax);
    Object.assign(agreement, { frameMax, channelMax, heartbeatS: heartbeat });
    this.state = 'opening';
    this.#connection.agreed();
  }

  #open({ virtualHost }: MethodArguments<'connection.open'>): void {
    const found = this.#connection.virtualHostOf(virtualHost);
    if (!found) throw notAllowed(`vhost ${virtualHost} not found`);
    this.state = 'running';
    this.#connection.opened(found);
    this.#connection.send('connection.open-ok', {});
  }
}

function checkAgreed(what: string, value: number, least: number, most: number): void {
  if (value !== 0 && value < least)
    throw notAllowed(`negotiated ${what} = ${value} is lower than the minimum allowed value (${least})`);
  if (most === 0 || (value !== 0 && value <= most)) return;
  const detail = what === 'channel_max' && value === 0 ? ' (no limit)' : '';
  throw notAllowed(`negotiated ${what} = ${value}${detail} is higher than the maximum allowed value (${most})`);
}
