import type { ArchipelDocument } from '../../../engine/model/document.ts';
import { targetName } from '../../../engine/model/target-name.ts';
import { faultTitle } from '../../faults/presentation.ts';
import { inLanguage, inUnit } from '../../i18n/number.ts';
import { type Key, key, t } from '../../i18n/t.ts';
import { asMs, type Step } from './steps.ts';

export const seconds = (ms: number): string => inUnit(inLanguage(String(Number((ms / 1000).toFixed(2)))), 's');

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
      return t('{{name}} to {{count}} replicas', { name: nameOf(step.node), count: step.replicas });
    case 'deploy':
      return t('Deploy {{version}} to {{name}}', { version: step.version, name: nameOf(step.node) });
    case 'rewind':
      return t('{{group}} reads {{destination}} again', {
        group: step.group || '…',
        destination: step.destination || '…',
      });
    case 'edit':
      return t('Edit {{name}}', { name: 'node' in step.target ? nameOf(step.target.node) : step.target.edge });
    case 'traffic':
      return step.action === 'stop'
        ? t('Stop the traffic')
        : t('Send {{scenario}}', { scenario: step.scenario ?? '…' });
    case 'probe':
      return step.probe.name;
    case 'wait-until':
      return t('Until {{name}}', { name: step.probe.name });
    case 'wait-for':
      return step.until === 'begun'
        ? t('Until {{name}} has begun', { name: step.step || '…' })
        : t('Until {{name}} has ended', { name: step.step || '…' });
    case 'observe':
      return step.title;
    case 'wait':
      return t('Wait {{time}}', { time: seconds(asMs(step.durationMs)) });
    case 'parallel':
      return t('{{count}} side by side', { count: step.branches.length });
    case 'foreign':
      return typeof step.activity.name === 'string' ? step.activity.name : t('Of another tool');
  }
}

export const stepTypeTitles: Record<Step['type'], Key> = {
  fault: key('Fault'),
  scale: key('Scale'),
  deploy: key('Deploy'),
  rewind: key('Set a group back'),
  edit: key('Change a setting'),
  traffic: key('Traffic'),
  probe: key('Probe'),
  'wait-until': key('Wait until a probe holds'),
  'wait-for': key('Wait for another step'),
  wait: key('Wait'),
  observe: key('Observe'),
  parallel: key('Side by side'),
  foreign: key('Of another tool'),
};
