import { CONNECTION_FD, INIT_CRASH, INIT_DELAY } from '../protocol.ts';
import { createRuntimeClient } from './client.ts';
import { patchConsole, writeLine } from './console.ts';
import { describeError } from './errors.ts';
import { invoke, watchEmptyLoop } from './invoke.ts';
import { loadHandler } from './load-handler.ts';

/*
 * The program of an execution environment: loads the user's handler, then runs one invocation after the other, until the
 * platform ends it or is gone.
 */

const { AWS_LAMBDA_RUNTIME_API: runtimeApi = '', AWS_LAMBDA_INITIALIZATION_TYPE, [CONNECTION_FD]: fd } = process.env;
delete process.env[CONNECTION_FD];
const descriptor = fd === undefined ? null : Number(fd);

const client = createRuntimeClient({
  address: { runtimeApi, descriptor },
  // One that is started ahead has a life before its first invocation.
  isExpected: descriptor !== null && AWS_LAMBDA_INITIALIZATION_TYPE === 'on-demand',
  onLost: () => process.exit(0),
});
patchConsole();

let state: 'init' | 'idle' | { requestId: string } = 'init';

/** Nobody caught it: the environment cannot be trusted any more. */
const crash =
  (exitCode: number, name: (error: unknown) => string) =>
  (thrown: unknown): void => {
    const error = { ...describeError(thrown), errorType: name(thrown) };
    writeLine('ERROR', 'Uncaught Exception', JSON.stringify(error));
    const body = JSON.stringify(error);
    const end = (): void => process.exit(exitCode);
    if (state === 'idle') end();
    else if (state === 'init') void client.failInit(error.errorType, body).then(end);
    else void client.fail(state.requestId, error.errorType, body).then(end);
  };
process.on(
  'uncaughtException',
  crash(129, (thrown) => describeError(thrown).errorType),
);
process.on(
  'unhandledRejection',
  crash(128, () => 'Runtime.UnhandledPromiseRejection'),
);

/** What is asked of a real INIT: to take longer, or not to survive. */
async function disturbInit(): Promise<void> {
  const { [INIT_DELAY]: delayMs, [INIT_CRASH]: crashes } = process.env;
  delete process.env[INIT_DELAY];
  delete process.env[INIT_CRASH];
  if (delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, Number(delayMs)));
  if (crashes !== undefined) process.exit(1);
}

async function run(): Promise<void> {
  await disturbInit();
  const handler = await loadHandler(process.env.LAMBDA_TASK_ROOT ?? process.cwd(), process.env._HANDLER ?? '');
  const whenEmpty = watchEmptyLoop();
  for (;;) {
    const coming = client.next();
    state = 'idle';
    const invocation = await coming;
    state = { requestId: invocation.requestId };
    await invoke(handler, invocation, client, whenEmpty);
  }
}

run().catch((thrown: unknown) => {
  const error = describeError(thrown);
  writeLine('ERROR', 'Init Error', JSON.stringify(error));
  void client.failInit(error.errorType, JSON.stringify(error)).then(() => process.exit(1));
});
