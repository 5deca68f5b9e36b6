import type { Item } from '../../faults/stage.ts';
import { createHttpFramer, type FramerEvents, type HttpFramer } from './http-framer.ts';
import { type HttpHead, headerOf, parseHead } from './http-head.ts';

/** What is to become of one request and its answer. */
export interface ExchangePlan {
  /** The request is held for so long before it goes on. */
  delayMs?: number;
  onReleased?(heldMs: number): void;
  /** Answers in the target's place, or in the place of the answer that the target gave. */
  answer?: { asksFirst: boolean; respond(request: HttpHead, closes: boolean): Buffer };
  /** What becomes of the target's answer; null: it passes. `isBodyless`: no body follows this head. */
  rewrite?(head: HttpHead, raw: Buffer, isBodyless: boolean): ResponseRewrite | null;
}

export interface ResponseRewrite {
  /** In the head's place, with what comes before the body. */
  head: Buffer;
  /** In the place of a part of the body. `cuts`: nothing comes after it, and the connection ends. */
  data(bytes: Buffer): { bytes: Buffer; cuts?: boolean };
  /** What delimits the body stays as it is. */
  keepsFraming: boolean;
}

interface Exchange {
  request: HttpHead;
  plan: ExchangePlan | null;
  /** The target never hears of it. */
  isLocal: boolean;
  /** A local one's request has come whole. */
  isAsked: boolean;
  /** The target's answer is thrown away. */
  discards: boolean;
  rewrite: ResponseRewrite | null;
  closes: boolean;
}

export interface ExchangesOptions {
  /** Asked once for each request; null: it passes. */
  planFor(request: HttpHead): ExchangePlan | null;
  now(): number;
  schedule(atMs: number, run: () => void): () => void;
  /** Nothing has passed through the connection yet. */
  isNew: boolean;
}

/** One direction of the connection. The names are those of a stage. */
interface Half {
  push(item: Item): void;
  flush(): void;
  drop(): void;
  heldBytes(): number;
  leave(done: () => void): void;
}

/** The requests and answers of one HTTP connection, paired. */
export interface HttpExchanges {
  upstream(emit: (item: Item) => void): Half;
  downstream(emit: (item: Item) => void): Half;
}

/**
 * Where nothing is planned, bytes pass as they are. What is not HTTP, and all that comes after an upgrade, passes too. On a
 * connection that was open before, it begins with the next chunk that holds the whole head of a request and does not
 * follow on another chunk from the caller: there the answer to the request before has come, unless the caller sends several
 * requests at once.
 */
export function createHttpExchanges({ planFor, now, schedule, isNew }: ExchangesOptions): HttpExchanges {
  let emitUp: (item: Item) => void = () => {};
  let emitDown: (item: Item) => void = () => {};
  let reading = isNew;
  let before: 'upstream' | 'downstream' = 'downstream';
  let queue: Exchange[] = [];
  /** The request that is coming in. */
  let current: Exchange | null = null;
  let isInterim = false;
  let isCut = false;
  let isLeaving = false;
  let dones: (() => void)[] = [];
  let upOut: { bytes: Buffer[]; dueMs: number }[] = [];
  let downOut: Buffer[] = [];
  let held: { item: Item; dueMs: number; release?: (() => void) | undefined }[] = [];
  let dueMs = 0;
  let onRelease: (() => void) | undefined;
  let cancelTimer: (() => void) | null = null;

  const upFramer: HttpFramer = createHttpFramer('request', {
    head(head, raw) {
      const plan = isLeaving ? null : planFor(head);
      const isLocal = plan?.answer?.asksFirst === false;
      const { closes } = head;
      current = { request: head, plan, isLocal, isAsked: false, discards: false, rewrite: null, closes };
      queue.push(current);
      if (plan?.delayMs) {
        const heldSinceMs = now();
        dueMs = Math.max(dueMs, heldSinceMs + plan.delayMs);
        onRelease = () => plan.onReleased?.(now() - heldSinceMs);
      }
      if (!isLocal) up(raw);
      else if (headerOf(head, 'expect') !== undefined) {
        // Whether the body comes after an answer other than 100 is the caller's choice: the connection cannot go on.
        current.closes = true;
        current.isAsked = true;
        answerLocal();
      }
      return 'body';
    },
    data: (bytes) => up(bytes),
    framing: (bytes) => up(bytes),
    end() {
      if (current) current.isAsked = true;
      current = null;
      answerLocal();
    },
    opaque(bytes) {
      current = null;
      up(bytes);
    },
  });

  const downFramer: HttpFramer = createHttpFramer('response', responseEvents());

  function responseEvents(): FramerEvents {
    return {
      head(head, raw) {
        const exchange = queue[0];
        if (!exchange || exchange.isLocal) {
          // An answer to nothing: who said what on this connection is not known.
          down(raw);
          return passAll();
        }
        const { method } = exchange.request;
        if (head.status === 101 || (method === 'CONNECT' && head.status >= 200 && head.status < 300)) {
          down(raw);
          return passAll();
        }
        isInterim = head.status < 200;
        if (isInterim) {
          down(raw);
          return 'no-body';
        }
        const isBodyless = method === 'HEAD' || head.status === 204 || head.status === 304;
        const { plan } = exchange;
        exchange.discards = plan?.answer !== undefined;
        exchange.closes ||= head.closes;
        exchange.closes ||= head.body?.type === 'until-close' && !isBodyless;
        exchange.rewrite = exchange.discards ? null : (plan?.rewrite?.(head, raw, isBodyless) ?? null);
        if (!exchange.discards) down(exchange.rewrite?.head ?? raw);
        return isBodyless ? 'no-body' : 'body';
      },
      data(bytes) {
        const exchange = queue[0];
        if (isCut || exchange?.discards) return;
        const changed = exchange?.rewrite?.data(bytes) ?? { bytes };
        down(changed.bytes);
        if (changed.cuts) cut();
      },
      framing(bytes) {
        const exchange = queue[0];
        if (isCut || exchange?.discards || exchange?.rewrite?.keepsFraming === false) return;
        down(bytes);
      },
      end() {
        if (isInterim) return;
        const exchange = queue.shift();
        if (exchange?.discards) down(exchange.plan?.answer?.respond(exchange.request, exchange.closes) as Buffer);
        answerLocal();
      },
      opaque: (bytes) => down(bytes),
    };
  }

  function passAll(): 'opaque' {
    queue = [];
    current = null;
    upFramer.giveUp();
    downFramer.giveUp();
    return 'opaque';
  }

  function up(bytes: Buffer): void {
    if (isCut || current?.isLocal) return;
    const last = upOut[upOut.length - 1];
    if (last?.dueMs === dueMs) last.bytes.push(bytes);
    else upOut.push({ bytes: [bytes], dueMs });
  }

  function down(bytes: Buffer): void {
    if (!isCut && bytes.length > 0) downOut.push(bytes);
  }

  /** Answers requests that the target never hears of, as soon as those before them are answered. */
  function answerLocal(): void {
    for (let first = queue[0]; first?.isLocal && first.isAsked; first = queue[0]) {
      queue.shift();
      down(first.plan?.answer?.respond(first.request, first.closes) as Buffer);
      if (first.closes) cut();
    }
  }

  /** What was said is the last: both sides hear of the end, and nothing more. */
  function cut(): void {
    flushDown(now());
    isCut = true;
    queue = [];
    release(true);
    emitDown({ type: 'end', atMs: now() });
    emitUp({ type: 'end', atMs: now() });
  }

  function flushUp(atMs: number): void {
    // Whoever gets it may answer in this very turn, and come back here.
    const going = upOut;
    upOut = [];
    for (const { bytes, dueMs: itemDueMs } of going) {
      const item: Item = {
        type: 'bytes',
        bytes: bytes.length === 1 ? (bytes[0] as Buffer) : Buffer.concat(bytes),
        atMs,
      };
      sendUp(item, itemDueMs);
    }
  }

  function flushDown(atMs: number): void {
    if (downOut.length === 0) return;
    const bytes = downOut.length === 1 ? (downOut[0] as Buffer) : Buffer.concat(downOut);
    downOut = [];
    emitDown({ type: 'bytes', bytes, atMs });
  }

  function sendUp(item: Item, itemDueMs: number): void {
    if (held.length === 0 && itemDueMs <= item.atMs) {
      emitUp(item);
      return;
    }
    held.push({ item, dueMs: itemDueMs, release: onRelease });
    onRelease = undefined;
    arm();
  }

  function arm(): void {
    const next = held[0];
    if (cancelTimer || !next) return;
    cancelTimer = schedule(next.dueMs, () => {
      cancelTimer = null;
      release(false, next.dueMs);
    });
  }

  /** Lets go of what is due, or of all. */
  function release(all: boolean, alarmMs = now()): void {
    const untilMs = Math.max(now(), alarmMs);
    while (held[0] && (all || held[0].dueMs <= untilMs)) {
      const { item, release: tell } = held.shift() as (typeof held)[number];
      tell?.();
      emitUp({ ...item, atMs: now() });
    }
    if (all) {
      cancelTimer?.();
      cancelTimer = null;
    }
    arm();
  }

  /** Those who wait to go may do so as soon as nothing is half done. */
  function goIfQuiet(): void {
    if (dones.length === 0 || queue.some(({ isLocal, discards, rewrite }) => isLocal || discards || rewrite)) return;
    const going = dones;
    dones = [];
    for (const done of going) done();
  }

  function leave(done: () => void): void {
    isLeaving = true;
    // An answer that has not begun stays as it is; a request that was kept from the target must be answered.
    for (const exchange of queue)
      if (!exchange.isLocal && !exchange.discards && !exchange.rewrite) exchange.plan = null;
    dueMs = 0;
    release(true);
    dones.push(done);
    goIfQuiet();
  }

  const beginsRequest = (bytes: Buffer): boolean => {
    const end = bytes.indexOf('\r\n\r\n');
    return end >= 0 && parseHead(bytes.subarray(0, end + 4), 'request') !== null;
  };

  return {
    upstream(emit) {
      emitUp = emit;
      return {
        push(item) {
          if (item.type === 'bytes' && !isCut) {
            reading ||= before === 'downstream' && beginsRequest(item.bytes);
            before = 'upstream';
            if (reading) upFramer.push(item.bytes);
            else emitUp(item);
            flushUp(item.atMs);
            flushDown(now());
          } else if (item.type === 'end') {
            upFramer.end();
            flushUp(item.atMs);
            sendUp(item, dueMs);
          } else if (item.type === 'reset') {
            held = [];
            emitUp(item);
          }
          goIfQuiet();
        },
        flush() {
          upFramer.giveUp();
          flushUp(now());
          release(true);
        },
        drop() {
          cancelTimer?.();
          cancelTimer = null;
          held = [];
        },
        heldBytes: () =>
          upFramer.heldBytes() +
          held.reduce((sum, { item }) => sum + (item.type === 'bytes' ? item.bytes.length : 0), 0),
        leave,
      };
    },
    downstream(emit) {
      emitDown = emit;
      return {
        push(item) {
          if (item.type === 'bytes' && !isCut) {
            before = 'downstream';
            if (reading) downFramer.push(item.bytes);
            else emitDown(item);
            flushDown(item.atMs);
            flushUp(now());
          } else if (item.type === 'end' && !isCut) {
            downFramer.end();
            flushDown(item.atMs);
            emitDown(item);
          } else if (item.type === 'reset') emitDown(item);
          goIfQuiet();
        },
        flush() {
          downFramer.giveUp();
          flushDown(now());
        },
        drop() {},
        heldBytes: () => downFramer.heldBytes(),
        leave,
      };
    },
  };
}
