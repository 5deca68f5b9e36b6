import { describe, expect, it } from 'vitest';
import { catalogue } from '../../catalogue.ts';
import { parseDocument } from '../../model/parse.ts';
import { importCompose } from './import.ts';

const shop = `
x-env: &env
  LOG_LEVEL: info
services:
  proxy:
    image: nginx:1.27-alpine
    ports: ["80:80"]
    depends_on: [orders, users]
  orders:
    build: ./orders
    deploy: { replicas: 3 }
    environment:
      <<: *env
      DATABASE_URL: postgres://app:secret@db:5432/shop
      USERS_URL: http://users:8080/
    depends_on:
      db: { condition: service_healthy }
      events: { condition: service_started }
      log: { condition: service_started }
      documents: { condition: service_started }
  users:
    image: node:22
    command: node server.js --port 8080
    environment: ["CACHE=redis://cache:6379", "NODE_ENV=\${MODE:-production}"]
    healthcheck: { test: [CMD, "true"] }
  db:
    image: docker.io/library/postgres:16
    volumes: [data:/var/lib/postgresql/data]
  cache:
    image: valkey/valkey:8
  events:
    image: rabbitmq:3-management
  log:
    image: apache/kafka:4.1.2
  documents:
    image: mongo:8
  migrate:
    image: acme/migrate
volumes: { data: {} }
`;

describe('a compose file', () => {
  const { document, notes } = importCompose(shop, 'shop.yml');
  const node = (id: string) => document.nodes.find((candidate) => candidate.id === id);

  it('becomes a document that can run', () => {
    const parsed = parseDocument(document, catalogue);
    expect(parsed.ok ? [] : parsed.errors).toEqual([]);
  });

  it('makes known images their kinds, and programs commands', () => {
    expect(document.nodes.map(({ id, kind }) => [id, kind])).toEqual([
      ['users-2', 'client'],
      ['proxy', 'gateway'],
      ['orders', 'service'],
      ['users', 'command'],
      ['db', 'database'],
      ['cache', 'cache'],
      ['events', 'broker-rabbitmq'],
      ['log', 'broker-kafka'],
    ]);
    expect(node('orders')?.config).toMatchObject({ replicas: 3 });
    expect(node('users')?.config).toMatchObject({
      command: 'node',
      arguments: ['server.js', '--port', '8080'],
      environment: { NODE_ENV: 'production' },
    });
  });

  it('draws who depends on whom, or names it in the environment, and traffic to what is published', () => {
    expect(document.edges.map(({ source, target }) => `${source} ${target}`)).toEqual([
      'users-2 proxy',
      'proxy orders',
      'proxy users',
      'orders users',
      'orders db',
      'orders events',
      'orders log',
      'users cache',
    ]);
    expect(document.scenarios[0]?.traffic).toHaveLength(1);
    const x = (id: string) => node(id)?.position.x ?? 0;
    expect(x('proxy')).toBeLessThan(x('orders'));
    expect(x('orders')).toBeLessThan(x('db'));
  });

  it('says of everything that is not there why', () => {
    const told = (service: string) => notes.filter((note) => note.service === service).map(({ message }) => message);
    expect(told('documents')).toEqual(['It is left out: it speaks the protocol of MongoDB, which no kind here does.']);
    for (const broker of ['events', 'log']) expect(told(broker)[0]).toMatch(/one queue or topic, "messages"/);
    expect(told('migrate')[0]).toMatch(/nothing reaches acme\/migrate/);
    expect(told('orders').join(' ')).toMatch(
      /A Service stands for what is built from \.\/orders.*"documents", which is left out/,
    );
    expect(told('users').join(' ')).toMatch(/runs "node server\.js.*trust.*healthcheck/);
    expect(told('db')).toEqual(['Not taken over: volumes.']);
  });

  it.each([
    ['a: [1', /no YAML/],
    ['hello', /no services/],
    ['services: []', /no services/],
    ['', /no services/],
  ])('that is none, %j, is refused with the reason', (text, why) => {
    expect(() => importCompose(text, 'x.yml')).toThrow(why);
  });
});
