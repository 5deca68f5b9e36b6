import { memo } from 'react';
import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps, getBezierPath } from 'reactflow';
import { useShownText } from '../display/use-shown.ts';
import { edgeRates } from '../metrics/edge-rates.ts';
import { select } from '../stores/session.ts';
import { formatRate } from '../ui/format.ts';
import classes from './BundleLine.module.css';

export type BundleEdge = Edge<{ ids: string[] }, 'bundle'>;

/** Several connections between a collapsed group and what it calls or is called by, drawn as one and summed up. */
export const BundleLine = memo(function BundleLine({ id, data, markerEnd, ...ends }: EdgeProps<BundleEdge>) {
  const [path, labelX, labelY] = getBezierPath(ends);
  const ids = data?.ids ?? [];
  const traffic = useShownText(() => {
    const sum = (of: 'requestsPerSec' | 'errorsPerSec') => ids.reduce((total, edge) => total + edgeRates(edge)[of], 0);
    const [requests, errors] = [sum('requestsPerSec'), sum('errorsPerSec')];
    if (requests + errors === 0) return '';
    return `${formatRate(requests)} req/s${errors > 0 ? ` · ${formatRate(errors)} err/s` : ''}`;
  });
  return (
    <>
      <BaseEdge id={id} path={path} markerEnd={markerEnd} className={classes.line} />
      <EdgeLabelRenderer>
        <button
          type="button"
          className={`${classes.label} nodrag nopan`}
          style={{ transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY}px)` }}
          aria-label={`Select ${ids.length} connections`}
          onClick={() => select({ edges: ids })}
        >
          {ids.length} connections <b ref={traffic} />
        </button>
      </EdgeLabelRenderer>
    </>
  );
});
