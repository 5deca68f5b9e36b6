import { expect } from 'vitest';
import { frameOf, KafkaClient } from '../client.ts';
import type { Api } from '../protocol/api.ts';
import { apis } from '../protocol/apis.ts';
import { Reader } from '../protocol/reader.ts';
import { code, type Part } from './conversation.fixture.ts';

/** Requests as such: versions, frames, and the order of answers. */
export const requests: Part = (contract) => {
  contract('every version of every request is answered in the form of the tables', async ({ port, client }) => {
    const { apiKeys } = await client.send(apis.apiVersions, 3, {});
    const known = new Map(apiKeys.map((each) => [each.apiKey, each]));
    for (const each of Object.values(apis)) {
      const api = each as unknown as Api;
      const theirs = known.get(api.key);
      for (let version = api.versions[0]; version <= api.versions[1]; version += 1) {
        if (!theirs || version < theirs.minVersion || version > theirs.maxVersion) continue;
        const own = new KafkaClient(port);
        try {
          await own.send(api, version, (api.name === 'Produce' ? { acks: 1 } : {}) as never);
        } catch (error) {
          throw new Error(`${api.name} ${version}: ${(error as Error).message}`);
        } finally {
          own.close();
        }
      }
    }
  });

  contract('a version of ApiVersions that nobody knows is answered in version 0', async ({ port }) => {
    const own = new KafkaClient(port);
    own.socket.write(
      frameOf({ ...apis.apiVersions, isFlexible: () => true, request: () => apis.apiVersions.request(3) }, 90, {}, 7),
    );
    const reader = new Reader(await own.nextFrame());
    expect(reader.int32()).toBe(7);
    const answer = apis.apiVersions.response(0).read(reader);
    expect(answer.errorCode).toBe(code('UNSUPPORTED_VERSION'));
    expect(answer.apiKeys).toMatchObject([{ apiKey: 18, minVersion: 0, maxVersion: 4 }]);
    own.close();
  });

  contract('a request of an unknown kind or version ends the connection', async ({ port }) => {
    for (const api of [
      { ...apis.heartbeat, key: 999 },
      { ...apis.heartbeat, isFlexible: () => true, request: () => apis.heartbeat.request(4) },
    ]) {
      const own = new KafkaClient(port);
      const gone = own.nextFrame();
      own.socket.write(frameOf(api, 77, { groupId: '', generationId: 1, memberId: '' }));
      await expect(gone).rejects.toThrow('the connection has ended');
    }
  });

  contract('answers come in the order of the requests', async ({ port, topic, create }) => {
    await create();
    const own = new KafkaClient(port);
    const order: number[] = [];
    const waits = own
      .send(apis.fetch, 11, {
        maxWaitMs: 100,
        minBytes: 1,
        isolationLevel: 0,
        rackId: '',
        sessionId: 0,
        topics: [{ topic, partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1000 }] }],
      })
      .then(() => order.push(1));
    const quick = own.send(apis.apiVersions, 0, {}).then(() => order.push(2));
    await Promise.all([waits, quick]);
    expect(order).toEqual([1, 2]);
    own.close();
  });
};
