import { Text } from '@mantine/core';
import type { QueueStatus } from '../../engine/api/types.ts';
import { useT } from '../i18n/t.ts';
import { queueFigures } from '../metrics/queue-figures.ts';
import { formatCount, formatMeasure } from '../ui/format.ts';
import classes from './Inspector.module.css';

/** Each queue, stream or topic of a broker, with all that is counted of it. */
export function NodeQueues({ queues }: { queues: readonly QueueStatus[] }) {
  const t = useT();
  return queueFigures(queues).map((queue) => (
    <div key={queue.destination} className={classes.replica} data-queue={queue.destination}>
      <Text size="xs" fw={600}>
        {queue.destination}
      </Text>
      <dl className={classes.queue}>
        {(
          [
            [t('Depth'), formatMeasure(queue.depth, 'count')],
            [t('In'), formatMeasure(queue.inPerSec, 'per second')],
            [t('Out'), formatMeasure(queue.outPerSec, 'per second')],
            [t('Lag'), formatMeasure(queue.lag, 'count')],
            [t('Oldest'), formatMeasure(queue.oldestMs, 'ms')],
            ...(queue.unacked === null ? [] : [[t('Unacked'), formatMeasure(queue.unacked, 'count')] as const]),
            [t('Redelivered'), formatCount(queue.redelivered)],
            [t('Dead-lettered'), formatCount(queue.deadLettered)],
            [t('Lost'), formatCount(queue.lost)],
          ] as const
        ).map(([title, value]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {queue.groups.length > 1 && (
        <ul className={classes.groups} aria-label={t('Groups')}>
          {queue.groups.map(({ name, open, done, lost }) => (
            <li key={name} data-group={name}>
              <span title={name}>{name}</span>
              <small>
                {[
                  t('{{number}} open', { number: formatCount(open) }),
                  t('{{number}} done', { number: formatCount(done) }),
                  ...(lost > 0 ? [t('{{number}} lost', { number: formatCount(lost) })] : []),
                ].join(' · ')}
              </small>
            </li>
          ))}
        </ul>
      )}
    </div>
  ));
}
