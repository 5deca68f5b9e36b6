import type { z } from 'zod';
import type { StartAct } from '../act.ts';
import { createExtraConnections } from '../extra-connections.ts';
import type { malformedDefinition } from './definition.ts';

export type MalformedParameters = z.output<(typeof malformedDefinition)['parameters']>;

/** A server that says nothing to it so long has not noticed, or is busy. */
const ANSWER_MS = 2000;
/** More at once would be another fault. */
const MAX_OPEN = 64;

const broken: readonly ((random: () => number) => Buffer)[] = [
  () => Buffer.from('this is not a request\r\n\r\n'),
  () => Buffer.from('GET / HTTP/9.9\r\nHost: x\r\n\r\n'),
  () => Buffer.from('GET /\u0000 HTTP/1.1\r\nHost x\r\n\r\n', 'latin1'),
  () => Buffer.from('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n'),
  (random) => Buffer.from(Array.from({ length: 64 }, () => 128 + Math.floor(random() * 128))),
];

export const actMalformed: StartAct<MalformedParameters> = ({ parameters, random, hooks: { traffic } }) => {
  let { share } = parameters;
  const extra = createExtraConnections(traffic);
  const seen = { sent: 0, refused: 0, closed: 0, silent: 0, leftOut: 0 };

  const hook = (edgeId: string): void => {
    const isChosen = random() < share;
    const bytes = (broken[Math.floor(random() * broken.length)] as (typeof broken)[number])(random);
    if (!isChosen) return;
    const socket = extra.count() < MAX_OPEN ? extra.open(edgeId) : null;
    if (!socket) {
      seen.leftOut += 1;
      return;
    }
    seen.sent += 1;
    let outcome: 'refused' | 'closed' | 'silent' = 'closed';
    socket.setTimeout(ANSWER_MS, () => {
      outcome = 'silent';
      socket.destroy();
    });
    socket.once('data', (answer) => {
      if (/^HTTP\/1\.1 4\d\d/.test(answer.toString('latin1'))) outcome = 'refused';
      socket.end();
    });
    socket.once('close', () => {
      seen[outcome] += 1;
    });
    socket.write(bytes);
  };
  traffic.due.add(hook);
  return {
    update(changed) {
      ({ share } = changed);
    },
    measured: () => ({ ...seen, open: extra.count() }),
    async stop() {
      traffic.due.delete(hook);
      await extra.close();
    },
  };
};
