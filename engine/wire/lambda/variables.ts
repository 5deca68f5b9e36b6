import { ACCOUNT_ID } from './url-event.ts';

const REGION = 'us-east-1';

export const functionArn = (functionName: string): string =>
  `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:${functionName}`;

/** Of a broker of RabbitMQ. */
export const brokerArn = (brokerName: string): string =>
  `arn:aws:mq:${REGION}:${ACCOUNT_ID}:broker:${brokerName}:b-${brokerName}`;

/**
 * The variables that Lambda sets in every environment, but for the credentials, which nobody here has:
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function lambdaVariables(of: {
  functionName: string;
  memoryMb: number;
  /** `module.export`. */
  handler: string;
  taskRoot: string;
  runtimeApi: string;
  initialization: 'on-demand' | 'provisioned-concurrency';
  /** Tells this environment from others. */
  environmentId: string;
  atMs: number;
}): Record<string, string> {
  const day = new Date(of.atMs).toISOString().slice(0, 10).replaceAll('-', '/');
  return {
    _HANDLER: of.handler,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${process.versions.node.split('.')[0]}.x`,
    AWS_LAMBDA_FUNCTION_NAME: of.functionName,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(of.memoryMb),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: of.initialization,
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${of.functionName}`,
    AWS_LAMBDA_LOG_STREAM_NAME: `${day}/[$LATEST]${of.environmentId}`,
    AWS_LAMBDA_RUNTIME_API: of.runtimeApi,
    LAMBDA_TASK_ROOT: of.taskRoot,
    LANG: 'en_US.UTF-8',
    TZ: 'UTC',
  };
}
