import type { EnvironmentStatus } from '../../engine/api/types.ts';
import { useFigures, writeText } from '../display/use-shown.ts';
import { type Key, key, t, useT } from '../i18n/t.ts';
import classes from './NodeCard.module.css';

type State = EnvironmentStatus['state'];

/** A shape for each state: readable without its colour. */
const shapes: Record<State, string> = { starting: '□', busy: '■', idle: '▪', ending: '▫' };

export const environmentStates: Record<State, Key> = {
  starting: key('starting cold'),
  busy: key('busy'),
  idle: key('warm, idle'),
  ending: key('shutting down'),
};

/** More than that are told by their numbers. */
const MOST = 7;

function textOf(environments: readonly EnvironmentStatus[], all: number): string {
  if (all === 0) return '0';
  if (all <= MOST) return environments.map(({ state }) => shapes[state]).join('');
  const counts = (Object.keys(shapes) as State[]).map((state) => {
    const count = environments.filter((each) => each.state === state).length;
    return count > 0 ? `${count}${shapes[state]}` : '';
  });
  return all > environments.length ? `${all}` : counts.filter(Boolean).join(' ');
}

const titleOf = ({ pid, state, initMs, invocations, isProvisioned }: EnvironmentStatus): string =>
  [
    pid === null ? t('waits to start') : t('pid {{pid}}: {{state}}', { pid, state: t(environmentStates[state]) }),
    ...(isProvisioned ? [t('provisioned')] : []),
    ...(initMs === null ? [] : [t('INIT {{time}}', { time: `${Math.round(initMs)} ms` })]),
    t('{{number}} invocations', { number: invocations }),
  ].join(', ');

/** The execution environments of a function, one by one while they are few. */
export function EnvironmentPips({ id }: { id: string }) {
  const t = useT();
  const paint = useFigures<HTMLElement>((element, frame) => {
    const status = frame?.nodes[id];
    const environments = status?.environments ?? [];
    const all = Math.max(environments.length, status?.measures.environments ?? 0);
    writeText(element, status ? textOf(environments, all) : '–');
    const title = environments.map(titleOf).join('\n');
    if (element.title !== title) element.title = title;
  });
  return (
    <div>
      <dt title={t('Processes of the function: □ starting cold, ■ busy, ▪ warm and idle, ▫ shutting down')}>
        {t('environments')}
      </dt>
      <dd ref={paint} data-metric="environments" className={classes.pips} />
    </div>
  );
}
