import type { Step } from './steps.ts';

export const lanes = [
  { lane: 'traffic', title: 'Traffic' },
  { lane: 'faults', title: 'Faults' },
  { lane: 'changes', title: 'Changes' },
  { lane: 'probes', title: 'Probes' },
  { lane: 'flow', title: 'Order' },
] as const;

export type Lane = (typeof lanes)[number]['lane'];

const laneOfType: Record<Step['type'], Lane> = {
  traffic: 'traffic',
  fault: 'faults',
  scale: 'changes',
  deploy: 'changes',
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
