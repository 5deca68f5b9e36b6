import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const brokerOutageDefinition = defineFault({
  fault: 'broker-outage',
  title: 'Broker outage',
  help: 'Nobody reaches the broker: on every edge to it and from it open connections are reset and new ones are refused. Its process lives and keeps what it has.',
  target: 'node',
  family: 'messaging',
  staysReady: true,
  parameters: z.strictObject({}),
  defaults: {},
  limits: { win32: 'Windows tries a refused connection again: a client notices after about two seconds.' },
});
