import { api } from '../api.ts';
import { arrayOf, boolean, int8, int16, int32, listOf, string } from '../fields.ts';

export const describeConfigs = api({
  name: 'DescribeConfigs',
  key: 32,
  versions: '1-4',
  flexible: '4+',
  request: {
    resources: arrayOf('0+', {
      resourceType: int8('0+'),
      resourceName: string('0+'),
      configurationKeys: listOf('0+', string, { nullable: '0+' }),
    }),
    includeSynonyms: boolean('1+', { default: false }),
    includeDocumentation: boolean('3+', { default: false }),
  },
  response: {
    throttleTimeMs: int32('0+', { default: 0 }),
    results: arrayOf('0+', {
      errorCode: int16('0+'),
      errorMessage: string('0+', { nullable: '0+', default: null }),
      resourceType: int8('0+'),
      resourceName: string('0+'),
      configs: arrayOf('0+', {
        name: string('0+'),
        value: string('0+', { nullable: '0+' }),
        readOnly: boolean('0+'),
        configSource: int8('1+', { default: -1 }),
        isSensitive: boolean('0+'),
        synonyms: arrayOf('1+', {
          name: string('1+'),
          value: string('1+', { nullable: '0+' }),
          source: int8('1+'),
        }),
        configType: int8('3+'),
        documentation: string('3+', { nullable: '0+' }),
      }),
    }),
  },
});

export const alterConfigs = api({
  name: 'AlterConfigs',
  key: 33,
  versions: '0-2',
  flexible: '2+',
  request: {
    resources: arrayOf('0+', {
      resourceType: int8('0+'),
      resourceName: string('0+'),
      configs: arrayOf('0+', {
        name: string('0+'),
        value: string('0+', { nullable: '0+' }),
      }),
    }),
    validateOnly: boolean('0+'),
  },
  response: {
    throttleTimeMs: int32('0+', { default: 0 }),
    responses: arrayOf('0+', {
      errorCode: int16('0+'),
      errorMessage: string('0+', { nullable: '0+', default: null }),
      resourceType: int8('0+'),
      resourceName: string('0+'),
    }),
  },
});

export const incrementalAlterConfigs = api({
  name: 'IncrementalAlterConfigs',
  key: 44,
  versions: '0-1',
  flexible: '1+',
  request: {
    resources: arrayOf('0+', {
      resourceType: int8('0+'),
      resourceName: string('0+'),
      configs: arrayOf('0+', {
        name: string('0+'),
        configOperation: int8('0+'),
        value: string('0+', { nullable: '0+' }),
      }),
    }),
    validateOnly: boolean('0+'),
  },
  response: {
    throttleTimeMs: int32('0+', { default: 0 }),
    responses: arrayOf('0+', {
      errorCode: int16('0+'),
      errorMessage: string('0+', { nullable: '0+', default: null }),
      resourceType: int8('0+'),
      resourceName: string('0+'),
    }),
  },
});
