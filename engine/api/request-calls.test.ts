import { expect, test } from 'vitest';
import { createRequestCalls } from './request-calls.ts';

const message = {
  ...{ edge: 'shop-broker', to: 'orders', key: '', contents: '', parameters: {}, routingKey: null, headers: {} },
  ...{ priority: null, delayMs: 0, ttlMs: null },
};

test('nothing is sent or set back by hand while something is measured that it would change', async () => {
  let isMeasured = true;
  const calls = createRequestCalls({
    running() {
      throw new Error('it asked what runs');
    },
    measured: () => (isMeasured ? 'An experiment' : null),
  });
  const asked = [
    () => calls.sendRequest({ edge: 'a-b', method: 'GET', path: '/', headers: {}, body: '' }),
    () => calls.sendMessage(message),
    () => calls.rewindGroup({ node: 'broker', destination: 'orders', group: 'billing', from: { type: 'earliest' } }),
  ];
  for (const ask of asked)
    await expect(ask()).rejects.toMatchObject({
      code: 'wrong-state',
      message: expect.stringContaining('An experiment runs, and'),
      nextStep: 'Wait until it has ended, or stop it.',
    });
  isMeasured = false;
  for (const ask of asked) await expect(ask()).rejects.toThrow('it asked what runs');
});
