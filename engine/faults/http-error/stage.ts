import { STATUS_CODES } from 'node:http';
import type { z } from 'zod';
import { FAILURE_HOP_HEADER, FAILURE_REASON_HEADER, type FailureReason } from '../../metrics/failure-reason.ts';
import { httpLinkFault } from '../http-match/link-fault.ts';
import type { httpErrorDefinition } from './definition.ts';

export type HttpErrorParameters = z.output<(typeof httpErrorDefinition)['parameters']>;

/** The edge is where it fails, and whoever asked counts it as if the target's handler had said so. */
const reasonOf = (status: number): FailureReason =>
  status === 404 ? 'no-route' : status === 429 ? 'throttled' : 'handler-error';

export const httpErrorLinkFault = httpLinkFault<HttpErrorParameters>((_, { parameters, count }) => ({
  answer: {
    asksFirst: parameters.asksFirst,
    respond({ method }, closes) {
      const { status, hop } = parameters;
      const body = Buffer.from(parameters.body, 'utf8');
      count('actedNow');
      const lines = [
        `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}`,
        `date: ${new Date().toUTCString()}`,
        'content-type: text/plain; charset=utf-8',
        `content-length: ${body.length}`,
        `${FAILURE_REASON_HEADER}: ${reasonOf(status)}`,
        `${FAILURE_HOP_HEADER}: ${hop}`,
        `connection: ${closes ? 'close' : 'keep-alive'}`,
      ];
      const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
      return method === 'HEAD' ? head : Buffer.concat([head, body]);
    },
  },
}));
