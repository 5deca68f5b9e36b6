import type { LogSettings } from '../log/settings.ts';
import { KafkaError } from '../protocol/errors.ts';

/** As DescribeConfigs numbers them. */
const types = { boolean: 1, string: 2, int: 3, long: 5, double: 6, list: 7 } as const;

export interface Setting {
  type: keyof typeof types;
  default: string;
  /** The broker's setting that is the default of it, where there is one in the same unit. */
  ofBroker?: string;
  min?: number;
  max?: number;
  oneOf?: readonly string[];
}

const LONG_MAX = '9223372036854775807';
const INT_MAX = 0x7fff_ffff;

/** What a topic may be told, with Apache Kafka's names and defaults. */
export const topicSettings = {
  'cleanup.policy': { type: 'list', ofBroker: 'log.cleanup.policy', default: 'delete', oneOf: ['delete', 'compact'] },
  'compression.type': { type: 'string', ofBroker: 'compression.type', default: 'producer', oneOf: ['producer'] },
  'delete.retention.ms': { type: 'long', ofBroker: 'log.cleaner.delete.retention.ms', default: '86400000', min: 0 },
  'flush.messages': { type: 'long', ofBroker: 'log.flush.interval.messages', default: LONG_MAX, min: 1 },
  'flush.ms': { type: 'long', default: LONG_MAX, min: 0 },
  'index.interval.bytes': { type: 'int', ofBroker: 'log.index.interval.bytes', default: '4096', min: 0, max: INT_MAX },
  'max.message.bytes': { type: 'int', ofBroker: 'message.max.bytes', default: '1048588', min: 0, max: INT_MAX },
  'message.timestamp.after.max.ms': {
    type: 'long',
    ofBroker: 'log.message.timestamp.after.max.ms',
    default: '3600000',
    min: 0,
  },
  'message.timestamp.before.max.ms': {
    type: 'long',
    ofBroker: 'log.message.timestamp.before.max.ms',
    default: LONG_MAX,
    min: 0,
  },
  'message.timestamp.type': {
    type: 'string',
    ofBroker: 'log.message.timestamp.type',
    default: 'CreateTime',
    oneOf: ['CreateTime', 'LogAppendTime'],
  },
  'min.cleanable.dirty.ratio': {
    type: 'double',
    ofBroker: 'log.cleaner.min.cleanable.ratio',
    default: '0.5',
    min: 0,
    max: 1,
  },
  'min.compaction.lag.ms': { type: 'long', ofBroker: 'log.cleaner.min.compaction.lag.ms', default: '0', min: 0 },
  'min.insync.replicas': { type: 'int', ofBroker: 'min.insync.replicas', default: '1', min: 1, max: INT_MAX },
  'retention.bytes': { type: 'long', ofBroker: 'log.retention.bytes', default: '-1' },
  'retention.ms': { type: 'long', default: '604800000', min: -1 },
  'segment.bytes': { type: 'int', ofBroker: 'log.segment.bytes', default: '1073741824', min: 14, max: INT_MAX },
  'segment.ms': { type: 'long', default: '604800000', min: 1 },
  'unclean.leader.election.enable': {
    type: 'boolean',
    ofBroker: 'unclean.leader.election.enable',
    default: 'false',
    oneOf: ['true', 'false'],
  },
} as const satisfies Record<string, Setting>;

export type TopicSetting = keyof typeof topicSettings;
export type TopicSettings = Partial<Record<TopicSetting, string>>;

const settingOf = (name: string): Setting | undefined => (topicSettings as Record<string, Setting>)[name];

export const typeNumber = (name: TopicSetting): number => types[topicSettings[name].type];

/** Fails with `INVALID_CONFIG` where a name is unknown or a value not possible. */
export function checkTopicSetting(name: string, value: string): asserts name is TopicSetting {
  const setting = settingOf(name);
  if (!setting) throw new KafkaError('INVALID_CONFIG', `Unknown topic config name: ${name}`);
  const problem = problemWith(setting, value);
  if (problem) throw new KafkaError('INVALID_CONFIG', `Invalid value ${value} for configuration ${name}: ${problem}`);
}

function problemWith({ type, min, max, oneOf }: Setting, value: string): string | null {
  if (oneOf)
    return listed(type, value).every((each) => oneOf.includes(each))
      ? null
      : `String must be one of: ${oneOf.join(', ')}`;
  const pattern = type === 'double' ? /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i : /^[+-]?\d+$/;
  if (!pattern.test(value.trim()) || (type === 'long' && isTooLong(value)))
    return `Not a number of type ${type.toUpperCase()}`;
  const number = Number(value);
  if (min !== undefined && number < min) return `Value must be at least ${min}`;
  if (max !== undefined && number > max) return `Value must be no more than ${max}`;
  return null;
}

const isTooLong = (value: string): boolean => BigInt.asIntN(64, BigInt(value.trim())) !== BigInt(value.trim());

/** What there is to check: a list may be empty, and booleans are written as one likes. */
function listed(type: Setting['type'], value: string): string[] {
  if (type === 'boolean') return [value.trim().toLowerCase()];
  if (type !== 'list') return [value];
  return value.trim() === '' ? [] : value.split(',').map((each) => each.trim());
}

/** The value that holds: the topic's own, the cluster's default, or Kafka's. */
export const settingValue = (name: TopicSetting, own: TopicSettings, defaults: TopicSettings): string =>
  own[name] ?? defaults[name] ?? topicSettings[name].default;

/** What a topic's settings mean to its logs. */
export function logSettingsOf(own: TopicSettings, defaults: TopicSettings): LogSettings {
  const text = (name: TopicSetting): string => settingValue(name, own, defaults);
  const number = (name: TopicSetting): number => Number(text(name));
  const policies = text('cleanup.policy')
    .split(',')
    .map((each) => each.trim());
  return {
    segmentBytes: number('segment.bytes'),
    segmentMs: number('segment.ms'),
    indexIntervalBytes: number('index.interval.bytes'),
    retentionMs: number('retention.ms'),
    retentionBytes: number('retention.bytes'),
    isCompacted: policies.includes('compact'),
    isDeleted: policies.includes('delete'),
    minCleanableDirtyRatio: number('min.cleanable.dirty.ratio'),
    minCompactionLagMs: number('min.compaction.lag.ms'),
    deleteRetentionMs: number('delete.retention.ms'),
    isLogAppendTime: text('message.timestamp.type') === 'LogAppendTime',
    flushMessages: number('flush.messages'),
    flushMs: number('flush.ms'),
  };
}
