import { key } from '../../i18n/t.ts';
import type { Step } from './steps.ts';

export const lanes = [
  { lane: 'traffic', title: key('Traffic') },
  { lane: 'faults', title: key('Faults') },
  { lane: 'changes', title: key('Changes') },
  { lane: 'probes', title: key('Probes') },
  { lane: 'flow', title: key('Order') },
] as const;

export type Lane = (typeof lanes)[number]['lane'];

const laneOfType: Record<Step['type'], Lane> = {
  traffic: 'traffic',
  fault: 'faults',
  scale: 'changes',
  deploy: 'changes',
  rewind: 'changes',
  edit: 'changes',
  probe: 'probes',
  'wait-until': 'probes',
  wait: 'flow',
  'wait-for': 'flow',
  observe: 'flow',
  parallel: 'flow',
  foreign: 'flow',
};

export const laneOf = ({ type }: Pick<Step, 'type'>): Lane => laneOfType[type] ?? 'flow';
