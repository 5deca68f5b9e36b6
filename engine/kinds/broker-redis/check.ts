import type { DocumentError } from '../../model/definition.ts';

interface Checked {
  server: 'embedded' | 'redis-server';
  url?: string | undefined;
  queues: readonly { name: string }[];
  streams: readonly { name: string }[];
  channels: readonly { name: string }[];
}

/** Settings that contradict each other, and names that are given twice: a step says only the name. */
export function checkRedisBroker(config: Checked): DocumentError[] {
  const errors: DocumentError[] = [];
  if (config.url !== undefined && config.server !== 'embedded')
    errors.push({
      path: 'server',
      message: 'with a URL the broker is your own server, and Archipel starts none',
      nextStep: 'Set it to "embedded", or remove the URL.',
    });
  const first = new Map<string, string>();
  for (const field of ['queues', 'streams', 'channels'] as const)
    config[field].forEach(({ name }, index) => {
      const path = `${field}[${index}].name`;
      const taken = first.get(name);
      if (taken === undefined) first.set(name, path);
      else
        errors.push({ path, message: `"${name}" is the name of ${taken} already`, nextStep: 'Give it another name.' });
    });
  return errors;
}
