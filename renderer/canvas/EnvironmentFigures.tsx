import type { EnvironmentStatus } from '../../engine/api/types.ts';
import { useFigures, useShownText } from '../display/use-shown.ts';
import { type Key, key, t, useT } from '../i18n/t.ts';
import { formatMs } from '../ui/format.ts';
import classes from './NodeCard.module.css';

type State = EnvironmentStatus['state'];

/** A shape for each state: readable without its colour. */
export const environmentShapes: Record<State, string> = { starting: '□', busy: '■', idle: '▪', ending: '▫' };

export const environmentStates: Record<State, Key> = {
  starting: key('starting cold'),
  busy: key('busy'),
  idle: key('warm, idle'),
  ending: key('shutting down'),
};

const states = Object.keys(environmentShapes) as State[];

/** More than that are told by their numbers. */
const MOST = 8;

interface Pip {
  state: State | null;
  text: string;
}

/** One by one while they are few, else how many of each; frames do not tell of each when there are very many. */
function pipsOf(environments: readonly EnvironmentStatus[], all: number): Pip[] {
  if (all === 0 || all > environments.length) return [{ state: null, text: String(all) }];
  const inOrder = states.flatMap((state) => environments.filter((each) => each.state === state));
  if (all <= MOST) return inOrder.map(({ state }) => ({ state, text: environmentShapes[state] }));
  return states.flatMap((state) => {
    const count = environments.filter((each) => each.state === state).length;
    return count > 0 ? [{ state, text: `${count}${environmentShapes[state]} ` }] : [];
  });
}

const titleOf = ({ pid, state, initMs, invocations, isProvisioned }: EnvironmentStatus): string =>
  [
    pid === null ? t('waits to start') : t('pid {{pid}}: {{state}}', { pid, state: t(environmentStates[state]) }),
    ...(isProvisioned ? [t('provisioned')] : []),
    ...(initMs === null ? [] : [t('INIT {{time}}', { time: `${Math.round(initMs)} ms` })]),
    t('{{count}} invocations', { count: invocations }),
  ].join(', ');

/** Changes what differs, in place. */
function drawPips(element: HTMLElement, pips: readonly Pip[]): void {
  while (element.children.length > pips.length) element.lastElementChild?.remove();
  for (const [index, { state, text }] of pips.entries()) {
    const span = element.children[index] ?? element.appendChild(document.createElement('span'));
    const told = state ?? '';
    if (span.getAttribute('data-environment') !== told) span.setAttribute('data-environment', told);
    if (span.className !== classes.environment) span.className = classes.environment ?? '';
    if (span.textContent !== text) span.textContent = text;
  }
}

/** Half of the environments that run took so long for their INIT, or less. */
function medianInitMs(environments: readonly EnvironmentStatus[]): number | null {
  const known = environments.flatMap(({ initMs }) => (initMs === null ? [] : [initMs])).sort((a, b) => a - b);
  return known[Math.floor((known.length - 1) / 2)] ?? null;
}

/** The execution environments of a function, and how long they took to start. */
export function EnvironmentFigures({ id }: { id: string }) {
  const t = useT();
  const paint = useFigures<HTMLElement>((element, frame) => {
    const status = frame?.nodes[id];
    const environments = status?.environments ?? [];
    const all = Math.max(environments.length, status?.measures.environments ?? 0);
    drawPips(element, status ? pipsOf(environments, all) : [{ state: null, text: '–' }]);
    const title = environments.map(titleOf).join('\n');
    if (element.title !== title) element.title = title;
  });
  const init = useShownText((frame) => formatMs(medianInitMs(frame?.nodes[id]?.environments ?? [])));
  return (
    <>
      <div className={classes.environments}>
        <dt title={t('Processes of the function: □ starting cold, ■ busy, ▪ warm and idle, ▫ shutting down')}>
          {t('Environments')}
        </dt>
        <dd ref={paint} data-metric="environments" />
      </div>
      <div title={t('INIT of the environments that run: half of them took so long, or less')}>
        <dt>{t('INIT')}</dt>
        <dd ref={init} data-metric="init" />
      </div>
    </>
  );
}
