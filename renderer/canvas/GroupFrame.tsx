import { IconBuilding, IconServer2 } from '@tabler/icons-react';
import { memo } from 'react';
import { type Node, type NodeProps, NodeResizer } from 'reactflow';
import type { EngineFrame, FaultStatus } from '../../engine/api/types.ts';
import { type ArchipelGroup, nodesWithin } from '../../engine/model/groups.ts';
import { useDisplay } from '../display/display.ts';
import { useShownText } from '../display/use-shown.ts';
import { CardFaults, isToldOnCanvas } from '../faults/CardFaults.tsx';
import { isOn } from '../faults/fault-actions.ts';
import { edit, shownDocument } from '../stores/document.ts';
import { changeGroup } from '../stores/group-edits.ts';
import { useReadOnly } from '../stores/trust.ts';
import { formatBytes, formatRate } from '../ui/format.ts';
import classes from './GroupFrame.module.css';

export type GroupNode = Node<{ group: ArchipelGroup }, 'frame'>;

/** A host or zone on the canvas: its name, and what runs in it summed up. */
export const GroupFrame = memo(function GroupFrame({ data: { group }, selected }: NodeProps<GroupNode>) {
  const readOnly = useReadOnly();
  const actsHere = ({ target }: FaultStatus) => 'group' in target && target.group === group.id;
  const hasFault = useDisplay(({ frame }) => frame?.faults.some((fault) => actsHere(fault) && isOn(fault)) ?? false);
  const toldFaults = useDisplay(
    ({ frame }) => frame?.faults.some((fault) => actsHere(fault) && isToldOnCanvas(fault, frame)) ?? false,
  );
  const figures = useShownText((frame) => summary(group, frame));
  const Icon = group.kind === 'host' ? IconServer2 : IconBuilding;
  return (
    <>
      <NodeResizer
        isVisible={selected && !readOnly}
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
        data-selected={selected}
        data-fault={hasFault}
        data-testid={`group-${group.id}`}
      >
        <header className={classes.head}>
          <Icon size={15} aria-hidden />
          <strong>{group.name}</strong>
          <span ref={figures} className={classes.figures} data-metric="group-figures" />
        </header>
        {toldFaults && (
          <div className={classes.fault}>
            <CardFaults actsHere={actsHere} />
          </div>
        )}
      </div>
    </>
  );
});

/** Processes, slots, CPU and memory that are measured, requests that were answered. */
function summary(group: ArchipelGroup, frame: EngineFrame | null): string {
  const ids = nodesWithin(shownDocument(), group.id);
  const slots = group.budget.slots;
  if (!frame || frame.topology === 'stopped')
    return `${ids.length} ${ids.length === 1 ? 'node' : 'nodes'}${slots === null ? '' : ` · ${slots} slots`}`;
  const nodes = ids.flatMap((id) => frame.nodes[id] ?? []);
  const replicas = nodes.flatMap((node) => node.replicas);
  const processes = replicas.filter(({ pid }) => pid !== null).length;
  const bytes = replicas.reduce((sum, { rssBytes }) => sum + rssBytes, 0);
  const cpu = replicas.reduce((sum, replica) => sum + replica.cpu, 0);
  const rate = nodes.reduce((sum, { requestsPerSec }) => sum + requestsPerSec, 0);
  const memory = group.budget.memoryMb;
  const over = memory !== null && bytes > memory * 1e6;
  return [
    slots === null ? `${processes} processes` : `${processes}/${slots} slots`,
    `${(cpu * 100).toFixed(0)} % CPU`,
    memory === null ? formatBytes(bytes) : `${formatBytes(bytes)} of ${memory} MB${over ? ' – over budget' : ''}`,
    `${formatRate(rate)} req/s`,
  ].join(' · ');
}
