import { api } from '../api.ts';
import { arrayOf, boolean, int16, int32, int64, string } from '../fields.ts';

export const apiVersions = api({
  name: 'ApiVersions',
  key: 18,
  versions: '0-4',
  flexible: '3+',
  request: {
    clientSoftwareName: string('3+'),
    clientSoftwareVersion: string('3+'),
  },
  response: {
    errorCode: int16('0+'),
    apiKeys: arrayOf('0+', {
      apiKey: int16('0+'),
      minVersion: int16('0+'),
      maxVersion: int16('0+'),
    }),
    throttleTimeMs: int32('1+', { default: 0 }),
    supportedFeatures: arrayOf(
      '3+',
      {
        name: string('3+'),
        minVersion: int16('3+'),
        maxVersion: int16('3+'),
      },
      { tag: 0 },
    ),
    finalizedFeaturesEpoch: int64('3+', { default: -1, tag: 1 }),
    finalizedFeatures: arrayOf(
      '3+',
      {
        name: string('3+'),
        maxVersionLevel: int16('3+'),
        minVersionLevel: int16('3+'),
      },
      { tag: 2 },
    ),
    zkMigrationReady: boolean('3+', { default: false, tag: 3 }),
  },
});
