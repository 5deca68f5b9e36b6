import {
  IconBuilding,
  IconChevronDown,
  IconChevronRight,
  IconLock,
  IconServer2,
  IconUsersGroup,
} from '@tabler/icons-react';
import { memo } from 'react';
import { Handle, type Node, type NodeProps, NodeResizer, Position } from 'reactflow';
import type { EngineFrame, FaultStatus } from '../../engine/api/types.ts';
import { type ArchipelGroup, nodesWithin } from '../../engine/model/groups.ts';
import { useDisplay } from '../display/display.ts';
import { useShownText } from '../display/use-shown.ts';
import { CardFaults, isToldOnCanvas } from '../faults/CardFaults.tsx';
import { isOn } from '../faults/fault-actions.ts';
import { t, useT } from '../i18n/t.ts';
import { edit, shownDocument, useDocument } from '../stores/document.ts';
import { changeGroup } from '../stores/group-edits.ts';
import { useReadOnly } from '../stores/trust.ts';
import { formatBytes, formatMeasure, formatRate } from '../ui/format.ts';
import { toggleCollapsed } from './fold.ts';
import classes from './GroupFrame.module.css';

export type GroupNode = Node<{ group: ArchipelGroup }, 'frame'>;

/** A host, zone or team on the canvas: its name, and what runs in it summed up. */
export const GroupFrame = memo(function GroupFrame({ data: { group }, selected }: NodeProps<GroupNode>) {
  const t = useT();
  const readOnly = useReadOnly();
  const actsHere = ({ target }: FaultStatus) => 'group' in target && target.group === group.id;
  const hasFault = useDisplay(({ frame }) => frame?.faults.some((fault) => actsHere(fault) && isOn(fault)) ?? false);
  const toldFaults = useDisplay(
    ({ frame }) => frame?.faults.some((fault) => actsHere(fault) && isToldOnCanvas(fault, frame)) ?? false,
  );
  const figures = useShownText((frame) => summary(group, frame));
  const Icon = icons[group.kind];
  const Chevron = group.collapsed ? IconChevronRight : IconChevronDown;
  return (
    <>
      <NodeResizer
        isVisible={selected && !readOnly && !group.collapsed && !group.locked}
        minWidth={120}
        minHeight={80}
        onResizeEnd={(_, { x, y, width, height }) =>
          edit((document) => {
            const parent = document.groups.find(({ id }) => id === group.parent)?.position ?? { x: 0, y: 0 };
            return changeGroup(document, group.id, (before) => ({
              ...before,
              position: { x: Math.round(x + parent.x), y: Math.round(y + parent.y) },
              size: { width: Math.round(width), height: Math.round(height) },
            }));
          })
        }
      />
      <div
        className={classes.frame}
        data-kind={group.kind}
        data-collapsed={group.collapsed === true}
        data-selected={selected}
        data-fault={hasFault}
        data-testid={`group-${group.id}`}
      >
        <header className={classes.head}>
          <button
            type="button"
            className={`${classes.chevron} nodrag`}
            aria-label={
              group.collapsed
                ? t('Expand {{name}}', { name: group.name })
                : t('Collapse {{name}}', { name: group.name })
            }
            aria-expanded={!group.collapsed}
            disabled={readOnly}
            onClick={() => toggleCollapsed(group)}
          >
            <Chevron size={14} aria-hidden />
          </button>
          <Icon size={15} aria-hidden />
          <strong>{group.name}</strong>
          {group.locked && <IconLock size={13} aria-label={t('Locked')} />}
          {!group.collapsed && <span ref={figures} className={classes.figures} data-metric="group-figures" />}
        </header>
        {group.collapsed && (
          <>
            <Sums group={group} />
            <Handle type="target" position={Position.Left} isConnectable={false} className={classes.handle} />
            <Handle type="source" position={Position.Right} isConnectable={false} className={classes.handle} />
          </>
        )}
        {toldFaults && (
          <div className={classes.fault}>
            <CardFaults actsHere={actsHere} />
          </div>
        )}
      </div>
    </>
  );
});

const icons = { host: IconServer2, zone: IconBuilding, team: IconUsersGroup };

/** What is in a collapsed group, added up as on a card. */
function Sums({ group }: { group: ArchipelGroup }) {
  const t = useT();
  const sum = (of: (node: EngineFrame['nodes'][string]) => number) => (frame: EngineFrame | null) =>
    nodesWithin(shownDocument(), group.id).reduce((total, id) => {
      const node = frame?.nodes[id];
      return total + (node ? of(node) : 0);
    }, 0);
  const rate = sum(({ requestsPerSec }) => requestsPerSec);
  const failed = sum(({ errorsPerSec }) => errorsPerSec);
  const ready = sum(({ replicas }) => replicas.filter(({ state }) => state === 'ready').length);
  const all = sum(({ replicas }) => replicas.length);
  const runs = (frame: EngineFrame | null) => frame !== null && frame.topology !== 'stopped';
  const rateText = useShownText((frame) => (runs(frame) ? formatRate(rate(frame)) : '–'));
  const failedText = useShownText((frame) => (runs(frame) ? formatRate(failed(frame)) : '–'));
  const replicaText = useShownText((frame) => (runs(frame) ? `${ready(frame)}/${all(frame)}` : '–'));
  const nodes = useDocument(({ document }) => nodesWithin(document, group.id).length);
  return (
    <dl className={classes.sums}>
      <div>
        <dt>{t('req/s')}</dt>
        <dd ref={rateText} data-metric="requests-per-sec" />
      </div>
      <div>
        <dt>{t('err/s')}</dt>
        <dd ref={failedText} data-metric="errors-per-sec" />
      </div>
      <div>
        <dt>{t('ready')}</dt>
        <dd ref={replicaText} data-metric="replicas" />
      </div>
      <div>
        <dt>{t('nodes')}</dt>
        <dd>{nodes}</dd>
      </div>
    </dl>
  );
}

/** Processes, slots, CPU and memory that are measured, requests that were answered. */
function summary(group: ArchipelGroup, frame: EngineFrame | null): string {
  const ids = nodesWithin(shownDocument(), group.id);
  const slots = group.budget.slots;
  if (!frame || frame.topology === 'stopped')
    return [
      t('{{count}} nodes', { count: ids.length }),
      ...(slots === null ? [] : [t('{{count}} slots', { count: slots })]),
    ].join(' · ');
  const nodes = ids.flatMap((id) => frame.nodes[id] ?? []);
  const replicas = nodes.flatMap((node) => node.replicas);
  const processes = replicas.filter(({ pid }) => pid !== null).length;
  const bytes = replicas.reduce((sum, { rssBytes }) => sum + rssBytes, 0);
  const cpu = replicas.reduce((sum, replica) => sum + replica.cpu, 0);
  const rate = nodes.reduce((sum, { requestsPerSec }) => sum + requestsPerSec, 0);
  const memory = group.budget.memoryMb;
  const over = memory !== null && bytes > memory * 1e6;
  return [
    slots === null
      ? t('{{count}} processes', { count: processes })
      : t('{{processes}}/{{count}} slots', { processes, count: slots }),
    t('{{cpu}} CPU', { cpu: formatMeasure(cpu, 'ratio') }),
    memory === null ? formatBytes(bytes) : memoryText(formatBytes(bytes), memory, over),
    t('{{rate}} req/s', { rate: formatRate(rate) }),
  ].join(' · ');
}

const memoryText = (used: string, memoryMb: number, over: boolean): string =>
  over
    ? t('{{used}} of {{memoryMb}} MB – over budget', { used, memoryMb })
    : t('{{used}} of {{memoryMb}} MB', { used, memoryMb });
