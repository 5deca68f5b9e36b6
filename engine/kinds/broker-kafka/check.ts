import type { DocumentError } from '../../model/definition.ts';

interface Checked {
  server: 'embedded' | 'apache-kafka';
  url?: string | undefined;
  brokers: number;
  topics: readonly { name: string; replicationFactor: number; minInSyncReplicas: number }[];
}

/** Settings that contradict each other, and names that are given twice: a step says only the name. */
export function checkKafkaBroker({ server, url, brokers, topics }: Checked): DocumentError[] {
  const errors: DocumentError[] = [];
  if (url !== undefined && server !== 'embedded')
    errors.push({
      path: 'server',
      message: 'with a URL the broker is your own cluster, and Archipel starts none',
      nextStep: 'Set it to "embedded", or remove the URL.',
    });
  const isOurs = url === undefined && server === 'embedded';
  if (!isOurs && brokers > 1)
    errors.push({
      path: 'brokers',
      message: 'only the embedded server is a cluster of several brokers',
      nextStep: 'Set it to 1, or use the embedded server.',
    });
  const first = new Map<string, string>();
  topics.forEach(({ name, replicationFactor, minInSyncReplicas }, index) => {
    const path = `topics[${index}].name`;
    const taken = first.get(name);
    if (taken === undefined) first.set(name, path);
    else errors.push({ path, message: `"${name}" is the name of ${taken} already`, nextStep: 'Give it another name.' });
    if (url === undefined && replicationFactor > brokers)
      errors.push({
        path: `topics[${index}].replicationFactor`,
        message: `${brokers === 1 ? 'one broker keeps' : `${brokers} brokers keep`} no ${replicationFactor} copies`,
        nextStep: 'Ask for as many copies as there are brokers at most.',
      });
    if (minInSyncReplicas > replicationFactor)
      errors.push({
        path: `topics[${index}].minInSyncReplicas`,
        message: `of ${replicationFactor} copies ${minInSyncReplicas} are never in sync`,
        nextStep: 'Ask for as many as there are copies at most.',
      });
  });
  return errors;
}
