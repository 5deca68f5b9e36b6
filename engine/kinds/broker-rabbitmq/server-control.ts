import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { takesMessages } from './takes-messages.ts';

/** Its tool is a virtual machine of its own. */
const TOOL_MS = 60_000;

/** What faults do to a rabbitmq-server that Archipel has started, by name, with RabbitMQ's own tool. */
export function createServerControl(options: {
  control: string | null;
  env: Record<string, string>;
  port: number;
  maxMemoryMb: number | null;
}): Record<string, () => Promise<unknown>> {
  const { control, env, port, maxMemoryMb } = options;
  const setLimit = async (bytes: string): Promise<null> => {
    if (control === null) throw new Error('there is no rabbitmqctl beside rabbitmq-server');
    const { RABBITMQ_NODENAME: name = '' } = env;
    const args = ['--node', name, 'set_vm_memory_high_watermark', 'absolute', bytes];
    await promisify(execFile)(control, args, { env, timeout: TOOL_MS });
    return null;
  };
  return {
    'queue-full': () => setLimit('1'),
    'end-queue-full': () => setLimit(maxMemoryMb === null ? '1GB' : String(Math.round(maxMemoryMb * 1024 * 1024))),
    'takes-writes': () => takesMessages({ host: '127.0.0.1', port }),
  };
}
