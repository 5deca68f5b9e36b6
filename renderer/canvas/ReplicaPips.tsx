import type { ReplicaState, ReplicaStatus } from '../../engine/api/types.ts';
import { useFigures, writeText } from '../display/use-shown.ts';
import { t } from '../i18n/t.ts';
import { stateTitles } from '../ui/state-titles.ts';
import classes from './NodeCard.module.css';

/** A shape for each state: readable without its colour. */
const shapes: Record<ReplicaState, string> = {
  ready: '■',
  starting: '□',
  degraded: '◪',
  paused: '‖',
  dead: '✕',
  stopping: '▫',
};

/** More than that say it with their number alone. */
const MOST = 3;

const pipsOf = (replicas: readonly ReplicaStatus[]): string =>
  replicas.length > 1 && replicas.length <= MOST ? replicas.map(({ state }) => shapes[state]).join('') : '';

function titleOf({ replica, state, start }: ReplicaStatus): string {
  const now = t('Replica {{replica}}: {{state}}', { replica, state: t(stateTitles[state]) });
  if (!start) return now;
  const time = `${Math.round(start.durationMs)} ms`;
  return `${now}, ${start.warm ? t('warm start in {{time}}', { time }) : t('cold start in {{time}}', { time })}`;
}

/** How many replicas are ready, of how many; a few of them one by one. */
export function ReplicaPips({ id, wanted }: { id: string; wanted: number }) {
  const paint = useFigures<HTMLElement>((element, frame) => {
    const replicas = frame?.nodes[id]?.replicas ?? [];
    const ready = replicas.filter(({ state }) => state === 'ready').length;
    writeText(element, replicas.length > 0 ? `${ready}/${replicas.length}${pipsOf(replicas)}` : `×${wanted}`);
    const title = replicas.map(titleOf).join('\n');
    if (element.title !== title) element.title = title;
  });
  return <dd ref={paint} data-metric="replicas" className={classes.pips} />;
}
