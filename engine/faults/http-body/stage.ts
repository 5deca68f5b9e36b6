import type { z } from 'zod';
import type { ResponseRewrite } from '../../runtime/links/http-exchanges.ts';
import { type HttpHead, withHeaders } from '../../runtime/links/http-head.ts';
import { httpLinkFault } from '../http-match/link-fault.ts';
import type { httpBodyDefinition } from './definition.ts';

export type HttpBodyParameters = z.output<(typeof httpBodyDefinition)['parameters']>;

interface Answer {
  head: HttpHead;
  raw: Buffer;
  parameters: HttpBodyParameters;
  /** The answer is changed now. */
  acted(): void;
}

const nothing = Buffer.alloc(0);

const rewriters: Record<HttpBodyParameters['change'], (answer: Answer) => ResponseRewrite> = {
  replace({ raw, parameters, acted }) {
    acted();
    const body = Buffer.from(parameters.body, 'utf8');
    // What told of the old body does not hold for the new one.
    const changed = {
      'transfer-encoding': null,
      trailer: null,
      'content-encoding': null,
      etag: null,
      'content-length': String(body.length),
    };
    const head = Buffer.concat([withHeaders(raw, changed), body]);
    return { head, data: () => ({ bytes: nothing }), keepsFraming: false };
  },

  truncate({ raw, parameters, acted }) {
    let left = parameters.keepBytes;
    return {
      head: raw,
      data(bytes) {
        const kept = bytes.subarray(0, left);
        left -= kept.length;
        if (kept.length === bytes.length) return { bytes };
        acted();
        return { bytes: kept, cuts: true };
      },
      keepsFraming: true,
    };
  },

  corrupt({ raw, parameters, acted }) {
    let at = 0;
    return {
      head: raw,
      data(bytes) {
        if (at === 0) acted();
        const changed = Buffer.from(bytes);
        const every = parameters.corruptEveryBytes;
        for (let i = (every - (at % every)) % every; i < changed.length; i += every)
          changed[i] = (changed[i] as number) ^ 1;
        at += bytes.length;
        return { bytes: changed };
      },
      keepsFraming: true,
    };
  },

  oversize({ head, raw, parameters, acted }) {
    acted();
    const added = Buffer.alloc(parameters.addBytes, ' ');
    const begin =
      head.body?.type === 'length'
        ? [withHeaders(raw, { 'content-length': String(head.body.bytes + added.length) }), added]
        : head.body?.type === 'chunked'
          ? [raw, Buffer.from(`${added.length.toString(16)}\r\n`), added, Buffer.from('\r\n')]
          : [raw, added];
    return { head: Buffer.concat(begin), data: (bytes) => ({ bytes }), keepsFraming: true };
  },
};

export const httpBodyLinkFault = httpLinkFault<HttpBodyParameters>((_, { parameters, count }) => ({
  rewrite: (head, raw, isBodyless) =>
    isBodyless ? null : rewriters[parameters.change]({ head, raw, parameters, acted: () => count('actedNow') }),
}));
