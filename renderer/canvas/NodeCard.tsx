import { IconAlertCircle } from '@tabler/icons-react';
import { memo } from 'react';
import { Handle, type Node, type NodeProps, Position } from 'reactflow';
import { kinds } from '../../engine/kinds/index.ts';
import type { KindDefinition, MeasureDefinition } from '../../engine/model/definition.ts';
import type { ArchipelNode } from '../../engine/model/document.ts';
import { replicaCount } from '../../engine/model/replica-count.ts';
import { CardFaults, isToldOnCanvas } from '../faults/CardFaults.tsx';
import { actsOnNode, isOn } from '../faults/fault-actions.ts';
import { useDocument } from '../stores/document.ts';
import { placeOf, useProblems } from '../stores/problems.ts';
import { useRun } from '../stores/run.ts';
import { useLiveText } from '../stores/use-live.ts';
import { formatMeasure, formatMs, formatRate } from '../ui/format.ts';
import { KindIcon } from '../ui/KindIcon.tsx';
import { StateBadge } from '../ui/StateBadge.tsx';
import classes from './NodeCard.module.css';
import { NodeFaults } from './NodeFaults.tsx';

export type FlowNode = Node<{ node: ArchipelNode }, 'card'>;

export const NodeCard = memo(function NodeCard({ data: { node }, selected }: NodeProps<FlowNode>) {
  const { id } = node;
  const kind = kinds.find((definition) => definition.kind === node.kind);
  const state = useRun(({ frame }) => frame?.nodes[id]?.state ?? 'stopped');
  const reason = useRun(({ frame }) => frame?.nodes[id]?.reason ?? null);
  const failing = useRun(({ frame }) => (frame?.nodes[id]?.errorsPerSec ?? 0) > 0);
  const hasFault = useRun(({ frame }) => frame?.faults.some((fault) => isOn(fault) && actsOnNode(fault, id)) ?? false);
  const invalid = useProblems(({ errors }) =>
    errors.some(({ path }) => placeOf(path, useDocument.getState().document)?.id === id),
  );

  const rate = useLiveText((frame) => (frame?.nodes[id] ? formatRate(frame.nodes[id].requestsPerSec) : '–'));
  const p99 = useLiveText((frame) => formatMs(frame?.nodes[id]?.p99Ms));
  const errors = useLiveText((frame) => (frame?.nodes[id] ? formatRate(frame.nodes[id].errorsPerSec) : '–'));
  const replicas = useLiveText((frame) => {
    const running = frame?.nodes[id]?.replicas;
    const wanted = replicaCount(kind, node.config);
    return running && running.length > 0
      ? `${running.filter((replica) => replica.state === 'ready').length}/${running.length}`
      : `×${wanted}`;
  });
  const toldFaults = useRun(
    ({ frame }) => frame?.faults.some((fault) => isToldOnCanvas(fault, frame) && actsOnNode(fault, id)) ?? false,
  );

  const measures = measuresOnCard(node.kind);

  return (
    <>
      {selected && kind && <NodeFaults node={node} kindFaults={kind.faults} />}
      <div
        className={classes.card}
        data-testid={`node-${id}`}
        data-state={state}
        data-kind={node.kind}
        data-selected={selected}
        data-fault={hasFault}
        data-failing={failing}
      >
        {kind?.accepts != null && (
          <Handle type="target" position={Position.Left} className={classes.handle} aria-label={`Into ${node.name}`} />
        )}
        <header className={classes.head}>
          <KindIcon kind={node.kind} size={34} />
          <div className={classes.names}>
            <strong className={classes.name}>{node.name}</strong>
            <span className={classes.meta}>
              <span className={classes.kind}>{kind?.title ?? node.kind}</span>
              <StateBadge state={state} title={reason} />
            </span>
          </div>
          {invalid && <IconAlertCircle size={17} className={classes.invalid} aria-label="Has problems" />}
        </header>
        <dl className={classes.figures}>
          <div>
            <dt>req/s</dt>
            <dd ref={rate} data-metric="requests-per-sec" />
          </div>
          <div>
            <dt>p99</dt>
            <dd ref={p99} data-metric="p99" />
          </div>
          <div className={classes.errors}>
            <dt>err/s</dt>
            <dd ref={errors} data-metric="errors-per-sec" />
          </div>
          <div>
            <dt>ready</dt>
            <dd ref={replicas} data-metric="replicas" />
          </div>
        </dl>
        {measures.length > 0 && (
          <dl className={classes.figures}>
            {measures.map((measure) => (
              <Figure key={measure.id} nodeId={id} measure={measure} />
            ))}
          </dl>
        )}
        {toldFaults && (
          <div className={classes.fault} data-on={hasFault}>
            <CardFaults actsHere={(fault) => actsOnNode(fault, id)} />
          </div>
        )}
        {kind && kind.calls.length > 0 && (
          <Handle
            type="source"
            position={Position.Right}
            className={classes.handle}
            aria-label={`Out of ${node.name}`}
          />
        )}
      </div>
    </>
  );
});

const measuresOnCard = (kind: string): readonly MeasureDefinition[] =>
  (kinds as readonly KindDefinition[])
    .find((definition) => definition.kind === kind)
    ?.measures?.filter(({ onCard }) => onCard) ?? [];

/** A figure of the kind's own. */
function Figure({ nodeId, measure }: { nodeId: string; measure: MeasureDefinition }) {
  const text = useLiveText((frame) => formatMeasure(frame?.nodes[nodeId]?.measures[measure.id], measure.unit));
  return (
    <div title={measure.help}>
      <dt>{measure.title}</dt>
      <dd ref={text} data-metric={measure.id} />
    </div>
  );
}
