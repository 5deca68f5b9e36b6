import {
  IconActivity,
  IconAdjustments,
  IconArrowsSplit,
  IconClock,
  IconEye,
  IconHourglass,
  IconPuzzle,
  IconRewindBackward10,
  IconRocket,
  IconScale,
  IconStack2,
  IconUsers,
  type Icon as TablerIcon,
} from '@tabler/icons-react';
import { faultIcon } from '../../faults/presentation.ts';
import type { Step } from './steps.ts';

const icons: Record<Exclude<Step['type'], 'fault'>, TablerIcon> = {
  scale: IconStack2,
  deploy: IconRocket,
  rewind: IconRewindBackward10,
  edit: IconAdjustments,
  traffic: IconUsers,
  probe: IconActivity,
  'wait-until': IconHourglass,
  'wait-for': IconHourglass,
  wait: IconClock,
  observe: IconEye,
  parallel: IconArrowsSplit,
  foreign: IconPuzzle,
};

export function StepIcon({ step, size = 14 }: { step: Pick<Step, 'type'> & { fault?: string }; size?: number }) {
  const Icon = step.type === 'fault' ? faultIcon(step.fault ?? '') : (icons[step.type] ?? IconScale);
  return <Icon size={size} aria-hidden style={{ flex: 'none' }} />;
}
