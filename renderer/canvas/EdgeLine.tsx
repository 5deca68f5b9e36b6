import { IconPlugConnectedX } from '@tabler/icons-react';
import { memo } from 'react';
import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps, getBezierPath } from 'reactflow';
import type { ArchipelEdge } from '../../engine/model/document.ts';
import { CardFaults, isToldOnCanvas } from '../faults/CardFaults.tsx';
import { actsOnEdge, isOn } from '../faults/fault-actions.ts';
import { edgeRates } from '../metrics/edge-rates.ts';
import { useDocument } from '../stores/document.ts';
import { placeOf, useProblems } from '../stores/problems.ts';
import { useRun } from '../stores/run.ts';
import { select } from '../stores/session.ts';
import { useLiveText } from '../stores/use-live.ts';
import { formatBytes, formatRate } from '../ui/format.ts';
import { EdgeFaults } from './EdgeFaults.tsx';
import classes from './EdgeLine.module.css';
import { amplificationNote, breakerNote } from './edge-notes.ts';

export type FlowEdge = Edge<{ edge: ArchipelEdge }, 'line'>;

export const EdgeLine = memo(function EdgeLine({ id, data, selected, markerEnd, ...ends }: EdgeProps<FlowEdge>) {
  const [path, labelX, labelY] = getBezierPath(ends);
  const running = useRun(({ frame }) => frame?.edges[id] !== undefined && frame.topology !== 'stopped');
  const flowing = useRun(() => edgeRates(id).bytesPerSec > 0) && running;
  const failing = useRun(() => edgeRates(id).errorsPerSec > 0) && running;
  const hasFault = useRun(({ frame }) => frame?.faults.some((fault) => isOn(fault) && actsOnEdge(fault, id)) ?? false);
  const breaker = useRun(({ frame }) => breakerNote(frame?.edges[id]));
  const invalid = useProblems(({ errors }) =>
    errors.some((error) => placeOf(error.path, useDocument.getState().document)?.id === id),
  );
  const requests = useLiveText(() =>
    edgeRates(id).requestsPerSec > 0 ? `${formatRate(edgeRates(id).requestsPerSec)} req/s` : '',
  );
  const bytes = useLiveText(() => `${formatBytes(edgeRates(id).bytesPerSec)}/s`);
  const attempts = useLiveText((frame) => amplificationNote(frame?.edges[id]));
  const toldFaults = useRun(
    ({ frame }) => frame?.faults.some((fault) => isToldOnCanvas(fault, frame) && actsOnEdge(fault, id)) ?? false,
  );

  return (
    <g
      data-fault={hasFault}
      data-breaker={breaker !== null}
      data-selected={selected}
      data-flowing={flowing}
      data-failing={failing}
      data-invalid={invalid}
      className={classes.line}
    >
      <BaseEdge id={id} path={path} markerEnd={markerEnd} interactionWidth={22} />
      <EdgeLabelRenderer>
        <div
          className={`${classes.label} nodrag nopan`}
          style={{ transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY}px)` }}
          data-testid={`edge-${id}`}
          data-selected={selected}
          data-fault={hasFault}
          data-running={running}
          data-failing={failing}
        >
          <button
            type="button"
            className={classes.pill}
            aria-label={`Select connection ${id}`}
            onClick={() => select({ edges: [id] })}
          >
            {toldFaults && (
              <span className={classes.fault}>
                <CardFaults actsHere={(fault) => actsOnEdge(fault, id)} />
              </span>
            )}
            {running && breaker && (
              <span className={classes.breaker} data-metric="breaker">
                <IconPlugConnectedX size={12} aria-hidden /> {breaker}
              </span>
            )}
            {running ? (
              <span key="traffic" className={classes.traffic} data-metric="traffic">
                <b ref={requests} />
                <span ref={bytes} />
                <span ref={attempts} data-metric="attempts" />
              </span>
            ) : (
              <span key="idle" className={classes.idle} aria-hidden />
            )}
          </button>
          {selected && data && running && (
            <div className={classes.toolbar}>
              <EdgeFaults edge={data.edge} />
            </div>
          )}
        </div>
      </EdgeLabelRenderer>
    </g>
  );
});
