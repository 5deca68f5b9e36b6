import type { ArchipelDocument } from '../../../engine/model/document.ts';
import { targetName } from '../../../engine/model/target-name.ts';
import { faultTitle } from '../../faults/presentation.ts';
import { asMs, type Step } from './steps.ts';

export const seconds = (ms: number): string => `${Number((ms / 1000).toFixed(2))} s`;

/** What a step does, short enough for a bar: "Kill Orders", "Orders to 3 replicas", "Wait 2 s". */
export function stepTitle(step: Step, { nodes }: Pick<ArchipelDocument, 'nodes'>): string {
  const nameOf = (id: string) => nodes.find((node) => node.id === id)?.name ?? id;
  switch (step.type) {
    case 'fault': {
      const { target } = step;
      const where = 'node' in target && target.select === undefined ? nameOf(target.node) : targetName(target);
      return `${faultTitle(step.fault)} · ${where}`;
    }
    case 'scale':
      return `${nameOf(step.node)} to ${step.replicas} ${step.replicas === 1 ? 'replica' : 'replicas'}`;
    case 'deploy':
      return `Deploy ${step.version} to ${nameOf(step.node)}`;
    case 'edit':
      return `Edit ${'node' in step.target ? nameOf(step.target.node) : step.target.edge}`;
    case 'traffic':
      return step.action === 'stop' ? 'Stop the traffic' : `Send ${step.scenario ?? '…'}`;
    case 'probe':
      return step.probe.name;
    case 'wait-until':
      return `Until ${step.probe.name}`;
    case 'wait-for':
      return `Until ${step.step || '…'} has ${step.until}`;
    case 'observe':
      return step.title;
    case 'wait':
      return `Wait ${seconds(asMs(step.durationMs))}`;
    case 'parallel':
      return `${step.branches.length} side by side`;
    case 'foreign':
      return typeof step.activity.name === 'string' ? step.activity.name : 'Of another tool';
  }
}

export const stepTypeTitles: Record<Step['type'], string> = {
  fault: 'Fault',
  scale: 'Scale',
  deploy: 'Deploy',
  edit: 'Change a setting',
  traffic: 'Traffic',
  probe: 'Probe',
  'wait-until': 'Wait until a probe holds',
  'wait-for': 'Wait for another step',
  wait: 'Wait',
  observe: 'Observe',
  parallel: 'Side by side',
  foreign: 'Of another tool',
};
