import type { EngineFrame } from '../../engine/api/types.ts';
import type { Destination } from '../../engine/model/broker.ts';
import { useShownText } from '../display/use-shown.ts';
import { t, useT } from '../i18n/t.ts';
import { type QueueFigures, queueFigures } from '../metrics/queue-figures.ts';
import { formatMeasure, formatMs } from '../ui/format.ts';
import classes from './NodeCard.module.css';

/** So many stand on a card; the inspector has them all. */
const SHOWN = 3;

/** What each queue, stream or topic of a broker holds, and what goes through it. */
export function CardQueues({ nodeId, destinations }: { nodeId: string; destinations: readonly Destination[] }) {
  const t = useT();
  const holding = destinations.filter(({ pattern }) => pattern !== 'exchange');
  if (holding.length === 0) return null;
  return (
    <ul className={classes.queues}>
      {holding.slice(0, SHOWN).map(({ name }) => (
        <QueueLine key={name} nodeId={nodeId} name={name} />
      ))}
      {holding.length > SHOWN && (
        <li className={classes.more}>{t('and {{count}} more', { count: holding.length - SHOWN })}</li>
      )}
    </ul>
  );
}

function QueueLine({ nodeId, name }: { nodeId: string; name: string }) {
  const depth = useShownText((frame) => formatMeasure(figuresIn(frame, nodeId, name)?.depth, 'count'));
  const flow = useShownText((frame) => flowOf(figuresIn(frame, nodeId, name)));
  return (
    <li data-queue={name}>
      <span className={classes.queueName} title={name}>
        {name}
      </span>
      <b ref={depth} data-metric="queue-depth" />
      <small ref={flow} data-metric="queue-flow" />
    </li>
  );
}

function figuresIn(frame: EngineFrame | null, nodeId: string, name: string): QueueFigures | undefined {
  const queues = frame?.nodes[nodeId]?.queues?.filter(({ destination }) => destination === name);
  return queues && queueFigures(queues)[0];
}

/** What goes in and out, how old the oldest is, and of what seldom happens what has happened. */
function flowOf(figures: QueueFigures | undefined): string {
  if (!figures) return '–';
  const { depth, inPerSec, outPerSec, lag, oldestMs, lost, deadLettered, redelivered, unacked } = figures;
  const parts = [
    t('{{rate}} in', { rate: formatMeasure(inPerSec, 'per second') }),
    t('{{rate}} out', { rate: formatMeasure(outPerSec, 'per second') }),
    oldestMs !== null && oldestMs > 0 ? formatMs(oldestMs) : null,
    lost > 0 ? t('{{number}} lost', { number: formatMeasure(lost, 'count') }) : null,
    deadLettered > 0 ? t('{{number}} dead', { number: formatMeasure(deadLettered, 'count') }) : null,
    // What a topic holds for its slowest group is its depth already.
    lag !== null && lag > 0 && lag !== depth ? t('lag {{number}}', { number: formatMeasure(lag, 'count') }) : null,
    unacked !== null && unacked > 0 ? t('{{number}} unacked', { number: formatMeasure(unacked, 'count') }) : null,
    redelivered > 0 ? t('{{number}} redelivered', { number: formatMeasure(redelivered, 'count') }) : null,
  ];
  return parts.filter((part) => part !== null).join(' · ');
}
