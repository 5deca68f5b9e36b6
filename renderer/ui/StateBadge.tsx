import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconLoader2,
  IconPlayerPause,
  IconPlayerStop,
  IconSkull,
} from '@tabler/icons-react';
import type { NodeState } from '../../engine/api/types.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import classes from './StateBadge.module.css';
import { stateTitles } from './state-titles.ts';

const icons = {
  starting: IconLoader2,
  ready: IconCircleCheck,
  degraded: IconAlertTriangle,
  paused: IconPlayerPause,
  dead: IconSkull,
  stopping: IconPlayerStop,
  stopped: IconCircleDashed,
} satisfies Record<NodeState, unknown>;

/** A state as icon, word and colour: readable without any one of them. */
export function StateBadge({ state, title }: { state: NodeState; title?: string | null }) {
  const t = useT();
  const Icon = icons[state];
  return (
    <span className={classes.badge} data-state={state} title={title ? said(title) : undefined}>
      <Icon size={13} stroke={2.2} className={state === 'starting' ? classes.spin : undefined} aria-hidden />
      {t(stateTitles[state])}
    </span>
  );
}
