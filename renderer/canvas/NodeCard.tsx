import { IconAlertCircle, IconLock } from '@tabler/icons-react';
import { memo } from 'react';
import { Handle, type Node, type NodeProps, Position } from 'reactflow';
import { useShallow } from 'zustand/react/shallow';
import type { EngineFrame } from '../../engine/api/types.ts';
import { kinds } from '../../engine/kinds/index.ts';
import type { Destination } from '../../engine/model/broker.ts';
import type { KindDefinition, MeasureDefinition } from '../../engine/model/definition.ts';
import type { ArchipelNode } from '../../engine/model/document.ts';
import { mayHaveEdges } from '../../engine/model/graph.ts';
import { replicaCount } from '../../engine/model/replica-count.ts';
import { useDisplay } from '../display/display.ts';
import { useShownText } from '../display/use-shown.ts';
import { CardFaults, isToldOnCanvas } from '../faults/CardFaults.tsx';
import { actsOnNode, isOn } from '../faults/fault-actions.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { useDocument } from '../stores/document.ts';
import { placeOf, useProblems } from '../stores/problems.ts';
import { useTraceFocus } from '../stores/trace-focus.ts';
import { formatFigure, formatMs, formatRate } from '../ui/format.ts';
import { KindIcon } from '../ui/KindIcon.tsx';
import { formatMoney } from '../ui/money.ts';
import { StateBadge } from '../ui/StateBadge.tsx';
import { CardQueues } from './CardQueues.tsx';
import { useDetail } from './detail.ts';
import { EnvironmentFigures } from './EnvironmentFigures.tsx';
import { FailureBadges } from './FailureBadges.tsx';
import classes from './NodeCard.module.css';
import { NodeFaults } from './NodeFaults.tsx';
import { ReplicaPips } from './ReplicaPips.tsx';
import { SaturationBar } from './SaturationBar.tsx';

export type FlowNode = Node<{ node: ArchipelNode }, 'card'>;

type CardProps = NodeProps<FlowNode>;

/** Until it was measured. */
const CARD_HEIGHT = 132;

/** What of a card is drawn by React, because it seldom changes. All other figures are written past it. */
function faceOf(frame: EngineFrame | null, id: string) {
  const status = frame?.nodes[id];
  const faults = frame?.faults ?? [];
  return {
    state: status?.state ?? 'stopped',
    reason: status?.reason ?? null,
    failing: (status?.errorsPerSec ?? 0) > 0,
    running: status !== undefined && frame?.topology !== 'stopped',
    replicas: status?.replicas.length ?? 0,
    hasFault: faults.some((fault) => isOn(fault) && actsOnNode(fault, id)),
    toldFaults: frame ? faults.some((fault) => isToldOnCanvas(fault, frame) && actsOnNode(fault, id)) : false,
  } as const;
}

export const NodeCard = memo(function NodeCard(props: CardProps) {
  const isBox = useDetail(({ detail }) => detail === 'box');
  return isBox ? <BoxCard {...props} /> : <FullCard {...props} />;
});

/** Seen from far away: its figures are painted over it, all cards in one go. */
function BoxCard({ data: { node }, selected, height }: CardProps) {
  const kind = definitionOf(node.kind);
  const state = useDisplay(({ frame }) => frame?.nodes[node.id]?.state ?? 'stopped');
  return (
    <div
      className={classes.box}
      style={{ height: height ?? CARD_HEIGHT }}
      data-testid={`node-${node.id}`}
      data-state={state}
      data-selected={selected}
    >
      {kind?.accepts != null && <Handle type="target" position={Position.Left} className={classes.boxHandle} />}
      {kind && mayHaveEdges(kind) && <Handle type="source" position={Position.Right} className={classes.boxHandle} />}
    </div>
  );
}

function FullCard({ data: { node }, selected }: CardProps) {
  const t = useT();
  const { id } = node;
  const kind = definitionOf(node.kind);
  const face = useDisplay(useShallow(({ frame }) => faceOf(frame, id)));
  const invalid = useProblems(({ errors }) =>
    errors.some(({ path }) => placeOf(path, useDocument.getState().document)?.id === id),
  );
  const lit = useTraceFocus(({ lit: path }) =>
    path === null ? undefined : path.hop === id ? 'hop' : path.nodes.includes(id) ? 'on' : 'off',
  );

  const rate = useShownText((frame) => (frame?.nodes[id] ? formatRate(frame.nodes[id].requestsPerSec) : '–'));
  const p99 = useShownText((frame) => formatMs(frame?.nodes[id]?.p99Ms));
  const errors = useShownText((frame) => (frame?.nodes[id] ? formatRate(frame.nodes[id].errorsPerSec) : '–'));
  const wanted = replicaCount(kind, node.config);
  const measures = kind?.measures?.filter(({ onCard }) => onCard) ?? [];
  const hasEnvironments = kind?.measures?.some((measure) => measure.id === 'environments') ?? false;
  const destinations = destinationsOf(kind, node);
  const replicas = face.replicas > 0 ? face.replicas : wanted;

  return (
    <>
      {selected && kind && <NodeFaults node={node} kindFaults={kind.faults} />}
      <div
        className={classes.card}
        data-testid={`node-${id}`}
        data-state={face.state}
        data-kind={node.kind}
        data-selected={selected}
        data-fault={face.hasFault}
        data-failing={face.failing}
        data-stack={Math.min(3, replicas)}
        data-lit={lit}
      >
        {kind?.accepts != null && (
          <Handle
            type="target"
            position={Position.Left}
            className={classes.handle}
            role="img"
            aria-label={t('Into {{name}}', { name: node.name })}
          />
        )}
        <header className={classes.head}>
          <KindIcon kind={node.kind} size={34} />
          <div className={classes.names}>
            <strong className={classes.name}>{node.name}</strong>
            <span className={classes.meta}>
              <span className={classes.kind} title={kind && said(kind.title)}>
                {kind ? styleIn(said(kind.title)) : node.kind}
              </span>
              <StateBadge state={face.state} title={face.reason} />
            </span>
          </div>
          {node.locked && <IconLock size={14} color="var(--app-muted)" aria-label={t('Locked')} />}
          {invalid && <IconAlertCircle size={17} className={classes.invalid} aria-label={t('Has problems')} />}
          {face.running && !invalid && <SaturationBar id={id} />}
        </header>
        <dl className={classes.figures}>
          <div>
            <dt>{t('req/s')}</dt>
            <dd ref={rate} data-metric="requests-per-sec" />
          </div>
          <div>
            <dt>{t('p99')}</dt>
            <dd ref={p99} data-metric="p99" />
          </div>
          <div className={classes.errors}>
            <dt>{t('err/s')}</dt>
            <dd ref={errors} data-metric="errors-per-sec" />
          </div>
          <div>
            <dt>{t('ready')}</dt>
            <ReplicaPips id={id} wanted={wanted} />
          </div>
        </dl>
        {measures.length > 0 && (
          <dl className={`${classes.figures} ${hasEnvironments ? classes.onDemand : classes.measures}`}>
            {hasEnvironments && <EnvironmentFigures id={id} />}
            {measures.map((measure) => (
              <Figure key={measure.id} nodeId={id} measure={measure} />
            ))}
            {kind?.billed && <CostFigure nodeId={id} />}
          </dl>
        )}
        <CardQueues nodeId={id} destinations={destinations} />
        <div className={classes.reasons}>
          <FailureBadges hop={id} />
        </div>
        {face.toldFaults && (
          <div className={classes.fault} data-on={face.hasFault}>
            <CardFaults actsHere={(fault) => actsOnNode(fault, id)} />
          </div>
        )}
        {kind && mayHaveEdges(kind) && (
          <Handle
            type="source"
            position={Position.Right}
            className={classes.handle}
            role="img"
            aria-label={t('Out of {{name}}', { name: node.name })}
          />
        )}
      </div>
    </>
  );
}

const definitionOf = (kind: string): KindDefinition | undefined =>
  (kinds as readonly KindDefinition[]).find((definition) => definition.kind === kind);

/** "Function (Lambda style)" is short for a card as "Lambda style". */
const styleIn = (title: string): string => /\((.+)\)$/.exec(title)?.[1] ?? title;

/** Of a broker, as its config has them; a config that cannot be read yet has none. */
function destinationsOf(kind: KindDefinition | undefined, { config }: ArchipelNode): readonly Destination[] {
  if (!kind?.destinations) return [];
  const parsed = kind.config.safeParse(config);
  return parsed.success ? kind.destinations(parsed.data as never) : [];
}

/** A figure of the kind's own. */
function Figure({ nodeId, measure }: { nodeId: string; measure: MeasureDefinition }) {
  useT();
  const text = useShownText((frame) => formatFigure(frame?.nodes[nodeId]?.measures[measure.id], measure));
  return (
    <div title={said(measure.help)}>
      <dt>{said(measure.title)}</dt>
      <dd ref={text} data-metric={measure.id} />
    </div>
  );
}

/** What it costs by the hour, if it goes on as in the last second. */
function CostFigure({ nodeId }: { nodeId: string }) {
  const t = useT();
  const text = useShownText((frame) => {
    const costPerHour = frame?.nodes[nodeId]?.costPerHour;
    return costPerHour === undefined ? '–' : formatMoney(costPerHour);
  });
  return (
    <div title={t('At the prices of the document, if it goes on as in the last second')}>
      <dt>{t('Cost/h')}</dt>
      <dd ref={text} data-metric="cost-per-hour" />
    </div>
  );
}
