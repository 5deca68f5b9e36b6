import { memo } from 'react';
import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps, getBezierPath } from 'reactflow';
import { useShownText } from '../display/use-shown.ts';
import { useT } from '../i18n/t.ts';
import { edgeRates } from '../metrics/edge-rates.ts';
import { select } from '../stores/session.ts';
import { formatRate } from '../ui/format.ts';
import classes from './BundleLine.module.css';

export type BundleEdge = Edge<{ ids: string[] }, 'bundle'>;

/** Several connections between a collapsed group and what it calls or is called by, drawn as one and summed up. */
export const BundleLine = memo(function BundleLine({ id, data, markerEnd, ...ends }: EdgeProps<BundleEdge>) {
  const t = useT();
  const [path, labelX, labelY] = getBezierPath(ends);
  const ids = data?.ids ?? [];
  const traffic = useShownText(() => {
    const sum = (of: 'requestsPerSec' | 'errorsPerSec') => ids.reduce((total, edge) => total + edgeRates(edge)[of], 0);
    const [requests, errors] = [sum('requestsPerSec'), sum('errorsPerSec')];
    if (requests + errors === 0) return '';
    const ok = t('{{rate}} req/s', { rate: formatRate(requests) });
    return errors > 0 ? `${ok} · ${t('{{rate}} err/s', { rate: formatRate(errors) })}` : ok;
  });
  return (
    <>
      <BaseEdge id={id} path={path} markerEnd={markerEnd} className={classes.line} />
      <EdgeLabelRenderer>
        <button
          type="button"
          className={`${classes.label} nodrag nopan`}
          style={{ transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY}px)` }}
          onClick={() => select({ edges: ids })}
        >
          <span className="visually-hidden">{t('Select')}</span>
          {t('{{count}} connections', { count: ids.length })} <b ref={traffic} />
        </button>
      </EdgeLabelRenderer>
    </>
  );
});
