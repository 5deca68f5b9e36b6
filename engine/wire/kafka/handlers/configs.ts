import type { BrokerContext } from '../cluster/context.ts';
import { problemWithTopicName } from '../cluster/metadata.ts';
import {
  type Setting,
  settingValue,
  type TopicSetting,
  type TopicSettings,
  topicSettings,
  typeNumber,
} from '../cluster/topic-config.ts';
import type { apis } from '../protocol/apis.ts';
import { errorCodes, KafkaError } from '../protocol/errors.ts';
import type { Handler } from './handler.ts';

const TOPIC = 2;
const BROKER = 4;

const TOPIC_CONFIG = 1;
const STATIC_BROKER_CONFIG = 4;
const DEFAULT_CONFIG = 5;

const STRING = 2;

const SET = 0;
const DELETE = 1;
const APPEND = 2;
const SUBTRACT = 3;

export const describeConfigs: Handler<typeof apis.describeConfigs> = (request, { broker }) => ({
  results: request.resources.map(({ resourceType, resourceName, configurationKeys }) => {
    const asked = { resourceType, resourceName };
    try {
      const configs = (resourceType === TOPIC ? topicConfigs : brokerConfigs)(broker, resourceType, resourceName);
      return {
        ...asked,
        errorCode: errorCodes.NONE,
        errorMessage: '',
        configs: configs
          // No names at all mean every one, like none given.
          .filter(({ name }) => !configurationKeys?.length || configurationKeys.includes(name))
          .map((config) => (request.includeSynonyms ? config : { ...config, synonyms: [] })),
      };
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      return { ...asked, errorCode: error.code, errorMessage: error.message, configs: [] };
    }
  }),
});

function topicConfigs(broker: BrokerContext, _: number, name: string) {
  const { controller } = broker.cluster;
  const problem = problemWithTopicName(name);
  if (problem) throw new KafkaError('INVALID_TOPIC_EXCEPTION', `Topic name is invalid: ${problem}`);
  const topic = controller.topics.get(name);
  if (!topic) throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', '');
  return (Object.keys(topicSettings) as TopicSetting[]).map((setting) => ({
    name: setting as string,
    value: settingValue(setting, topic.settings, controller.defaults),
    readOnly: false,
    configSource:
      setting in topic.settings ? TOPIC_CONFIG : setting in controller.defaults ? STATIC_BROKER_CONFIG : DEFAULT_CONFIG,
    isSensitive: false,
    synonyms: synonymsOf(setting, topic.settings, controller.defaults),
    configType: typeNumber(setting),
  }));
}

/** Where the value could come from, what comes first before what comes later. */
function synonymsOf(setting: TopicSetting, own: TopicSettings, defaults: TopicSettings) {
  const { ofBroker, default: value } = topicSettings[setting] as Setting;
  return [
    ...(own[setting] === undefined ? [] : [{ name: setting, value: own[setting], source: TOPIC_CONFIG }]),
    ...(ofBroker === undefined || defaults[setting] === undefined
      ? []
      : [{ name: ofBroker, value: defaults[setting], source: STATIC_BROKER_CONFIG }]),
    ...(ofBroker === undefined ? [] : [{ name: ofBroker, value, source: DEFAULT_CONFIG }]),
  ];
}

/** Fails where it is not this broker that is meant, or all of them. */
function checkBroker(broker: BrokerContext, resourceType: number, name: string): void {
  if (resourceType !== BROKER)
    throw new KafkaError('INVALID_REQUEST', `Resources of type ${resourceType} have no configuration here.`);
  if (name !== '' && name !== String(broker.id))
    throw new KafkaError('INVALID_REQUEST', `Unexpected broker id, expected ${broker.id}, but received ${name}`);
}

function brokerConfigs(broker: BrokerContext, resourceType: number, name: string) {
  checkBroker(broker, resourceType, name);
  const { settings, controller } = broker.cluster;
  const own: readonly BrokerSetting[] = [
    ['auto.create.topics.enable', settings.autoCreateTopics, 'true'],
    ['broker.id', broker.id, '-1'],
    ['default.replication.factor', settings.defaultReplicationFactor, '1'],
    ['delete.topic.enable', true, 'true'],
    ['fetch.max.bytes', settings.fetchMaxBytes, '57671680'],
    ['group.initial.rebalance.delay.ms', settings.groupInitialRebalanceDelayMs, '3000'],
    ['group.max.session.timeout.ms', settings.groupMaxSessionTimeoutMs, '1800000'],
    ['group.min.session.timeout.ms', settings.groupMinSessionTimeoutMs, '6000'],
    ['node.id', broker.id, null],
    ['num.partitions', settings.defaultPartitions, '1'],
    ['offsets.topic.num.partitions', settings.internalTopicPartitions, '50'],
    ['replica.lag.time.max.ms', settings.replicaLagMaxMs, '30000'],
    ['socket.request.max.bytes', settings.maxRequestBytes, '104857600'],
  ];
  const ofTopics = (Object.keys(topicSettings) as TopicSetting[]).flatMap((setting): BrokerSetting[] => {
    const { ofBroker, default: value } = topicSettings[setting] as Setting;
    return ofBroker === undefined ? [] : [[ofBroker, controller.defaults[setting] ?? value, value]];
  });
  return [...own, ...ofTopics].map(([key, given, kafkas]) => {
    const value = String(given);
    const isDefault = value === kafkas;
    const byDefault = kafkas === null ? [] : [{ name: key, value: kafkas, source: DEFAULT_CONFIG }];
    return {
      name: key,
      value,
      readOnly: true,
      configSource: isDefault ? DEFAULT_CONFIG : STATIC_BROKER_CONFIG,
      isSensitive: false,
      synonyms: isDefault ? byDefault : [{ name: key, value, source: STATIC_BROKER_CONFIG }, ...byDefault],
      configType: STRING,
    };
  });
}

/** Its name, what holds here, and Kafka's default if it has one. */
type BrokerSetting = readonly [name: string, value: string | number | boolean, kafkas: string | null];

/** What is not named goes back to its default. */
export const alterConfigs: Handler<typeof apis.alterConfigs> = (request, { broker }) => ({
  responses: request.resources.map(({ resourceType, resourceName, configs }) =>
    alter(broker, resourceType, resourceName, request.validateOnly, (own) => {
      checkGiven(configs);
      return {
        ...Object.fromEntries(Object.keys(own).map((name) => [name, null])),
        ...Object.fromEntries(configs.map(({ name, value }) => [name, value])),
      };
    }),
  ),
});

export const incrementalAlterConfigs: Handler<typeof apis.incrementalAlterConfigs> = (request, { broker }) => ({
  responses: request.resources.map(({ resourceType, resourceName, configs }) =>
    alter(broker, resourceType, resourceName, request.validateOnly, (own) => {
      checkGiven(configs.map((each) => (each.configOperation === DELETE ? { ...each, value: '' } : each)));
      return Object.fromEntries(
        configs.map(({ name, configOperation, value }) => [name, changed(own[name], name, configOperation, value)]),
      );
    }),
  ),
});

/** Fails where a name is given twice, or without a value. */
function checkGiven(configs: readonly { name: string; value: string | null }[]): void {
  const names = configs.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new KafkaError('INVALID_REQUEST', `Error due to duplicate config keys: ${twice}`);
  const empty = configs.find(({ value }) => value === null);
  if (empty) throw new KafkaError('INVALID_REQUEST', `Null value not supported for: ${empty.name}`);
}

function changed(own: string | undefined, name: string, operation: number, value: string | null): string | null {
  if (operation === DELETE) return null;
  if (operation === SET) return value;
  if (operation !== APPEND && operation !== SUBTRACT)
    throw new KafkaError('INVALID_REQUEST', `There is no operation ${operation}.`);
  if ((topicSettings as Record<string, { type: string }>)[name]?.type !== 'list')
    throw new KafkaError('INVALID_CONFIG', `Config value append is not allowed for config key: ${name}`);
  const before = (own ?? topicSettings[name as TopicSetting].default).split(',').filter(Boolean);
  const given = (value ?? '').split(',');
  const after =
    operation === APPEND ? [...new Set([...before, ...given])] : before.filter((each) => !given.includes(each));
  return after.join(',');
}

function alter(
  broker: BrokerContext,
  resourceType: number,
  resourceName: string,
  isDryRun: boolean,
  changes: (own: Record<string, string>) => Record<string, string | null>,
) {
  const asked = { resourceType, resourceName };
  try {
    if (resourceType !== TOPIC) {
      checkNothingChanges(broker, resourceType, resourceName, Object.keys(changes({})));
      return { ...asked, errorCode: errorCodes.NONE, errorMessage: null };
    }
    const own = broker.cluster.controller.topics.get(resourceName)?.settings ?? {};
    broker.cluster.controller.alterSettings(resourceName, changes(own as Record<string, string>), isDryRun);
    return { ...asked, errorCode: errorCodes.NONE, errorMessage: null };
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error;
    return { ...asked, errorCode: error.code, errorMessage: error.message };
  }
}

/** A broker takes what no broker goes by, as Apache Kafka does: nothing comes of it. */
function checkNothingChanges(broker: BrokerContext, resourceType: number, name: string, changed: string[]): void {
  checkBroker(broker, resourceType, name);
  const isOfTopicsOnly = (each: string): boolean => {
    const setting = (topicSettings as Record<string, Setting>)[each];
    return setting !== undefined && setting.ofBroker !== each;
  };
  const refused = changed.find((each) => !isOfTopicsOnly(each));
  if (refused !== undefined)
    throw new KafkaError('INVALID_REQUEST', `${refused} of a broker cannot be changed while it runs.`);
}
