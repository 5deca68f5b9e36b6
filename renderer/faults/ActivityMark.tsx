import { IconBoltFilled, IconBoltOff, IconClockHour4, IconExclamationCircle, IconLoader } from '@tabler/icons-react';
import type { FaultStatus } from '../../engine/api/types.ts';
import { type Activity, activityOf } from './activity.ts';

const icons = {
  starting: IconLoader,
  acting: IconBoltFilled,
  waiting: IconClockHour4,
  ending: IconLoader,
  off: IconBoltOff,
  failed: IconExclamationCircle,
} satisfies Record<Activity, unknown>;

/** A different shape for each thing that a fault can be doing; the words stand beside it. */
export function ActivityMark({ fault, size = 13 }: { fault: FaultStatus; size?: number }) {
  const activity = activityOf(fault);
  const Icon = icons[activity];
  return <Icon size={size} aria-hidden data-activity={activity} style={{ flex: 'none' }} />;
}
