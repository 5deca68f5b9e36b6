import type { GivenUp } from './events.ts';

/** A given-up event as Lambda sends it to a destination for failures: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
export const deadLetterOf = ({ condition, attempts, requestId, event, result }: GivenUp, functionArn: string): string =>
  JSON.stringify({
    version: '1.0',
    timestamp: new Date().toISOString(),
    requestContext: {
      requestId,
      functionArn: `${functionArn}:$LATEST`,
      condition,
      approximateInvokeCount: attempts,
    },
    requestPayload: JSON.parse(event.toString('utf8')),
    ...(result && {
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: result.error,
    }),
  });
