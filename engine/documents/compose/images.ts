/** What an image is known to be: a kind of ours, a language's runtime, or something that no kind stands for. */
export type KnownImage =
  | { type: 'kind'; kind: 'database' | 'cache' | 'gateway' | 'broker-rabbitmq' | 'broker-kafka' }
  | { type: 'runtime' }
  | { type: 'foreign'; why: string };

const speaks = (protocol: string) => ({
  type: 'foreign' as const,
  why: `it speaks ${protocol}, which no kind here does`,
});
const watches = { type: 'foreign' as const, why: 'it watches other services; what Archipel measures needs none' };
const database = { type: 'kind' as const, kind: 'database' as const };
const cache = { type: 'kind' as const, kind: 'cache' as const };
const rabbit = { type: 'kind' as const, kind: 'broker-rabbitmq' as const };
const kafka = { type: 'kind' as const, kind: 'broker-kafka' as const };
const gateway = { type: 'kind' as const, kind: 'gateway' as const };
const runtime = { type: 'runtime' as const };

/** By the last part of an image's name, without its tag. */
const known: Readonly<Record<string, KnownImage>> = {
  postgres: database,
  postgresql: database,
  postgis: database,
  timescaledb: database,
  pgvector: database,
  redis: cache,
  valkey: cache,
  keydb: cache,
  'redis-stack': cache,
  'redis-stack-server': cache,
  rabbitmq: rabbit,
  kafka,
  'kafka-native': kafka,
  'cp-kafka': kafka,
  redpanda: kafka,
  nginx: gateway,
  haproxy: gateway,
  traefik: gateway,
  envoy: gateway,
  caddy: gateway,
  kong: gateway,
  node: runtime,
  python: runtime,
  ruby: runtime,
  php: runtime,
  golang: runtime,
  openjdk: runtime,
  'eclipse-temurin': runtime,
  deno: runtime,
  bun: runtime,
  mysql: speaks('the protocol of MySQL'),
  mariadb: speaks('the protocol of MySQL'),
  mongo: speaks('the protocol of MongoDB'),
  mongodb: speaks('the protocol of MongoDB'),
  memcached: speaks('the protocol of memcached'),
  zookeeper: speaks('the protocol of ZooKeeper'),
  'cp-zookeeper': speaks('the protocol of ZooKeeper'),
  nats: speaks('NATS'),
  elasticsearch: { type: 'foreign', why: 'no kind here is a search engine' },
  opensearch: { type: 'foreign', why: 'no kind here is a search engine' },
  minio: { type: 'foreign', why: 'no kind here stores objects' },
  prometheus: watches,
  grafana: watches,
  jaeger: watches,
  'all-in-one': watches,
  'otel-collector': watches,
  zipkin: watches,
};

/** `registry.example/library/postgres:16@sha256:…` is `postgres`. */
function imageName(image: string): string {
  const path = image.replace(/@.*$/, '').split('/').at(-1) ?? image;
  return path.replace(/:.*$/, '').toLowerCase();
}

export const knownImage = (image: string): KnownImage | null => known[imageName(image)] ?? null;
