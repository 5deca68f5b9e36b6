import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { Client } from './client.fixture.ts';
import { clients } from './clients.fixture.ts';
import { declarations } from './declarations.fixture.ts';
import { delivery } from './delivery.fixture.ts';
import { limits } from './limits.fixture.ts';
import { routing } from './routing.fixture.ts';
import { type Subject, subjects } from './subjects.fixture.ts';

/* What the server does, held against RabbitMQ too wherever there is one: both must do the same. */

describe.each(subjects)('%s', (_, start, skip) => {
  describe.skipIf(skip !== null)(skip ?? 'keeps the contract', () => {
    let subject: Subject;
    let client: Client;
    beforeAll(async () => {
      subject = await start();
      client = new Client(subject.port);
    });
    afterEach(() => client.close());
    afterAll(() => subject?.stop());

    for (const part of [declarations, routing, delivery, limits, clients]) part(() => client);
  });
});
