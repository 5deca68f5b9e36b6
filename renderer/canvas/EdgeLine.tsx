import { IconPlugConnectedX } from '@tabler/icons-react';
import { memo, useCallback, useLayoutEffect, useMemo } from 'react';
import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps, getBezierPath } from 'reactflow';
import { useShallow } from 'zustand/react/shallow';
import type { EngineFrame } from '../../engine/api/types.ts';
import type { ArchipelEdge } from '../../engine/model/document.ts';
import { useDisplay } from '../display/display.ts';
import { useReducedMotion } from '../display/reduced-motion.ts';
import { useShownText } from '../display/use-shown.ts';
import { CardFaults, isToldOnCanvas } from '../faults/CardFaults.tsx';
import { actsOnEdge, isOn } from '../faults/fault-actions.ts';
import { useT } from '../i18n/t.ts';
import { edgeRates } from '../metrics/edge-rates.ts';
import { useDocument } from '../stores/document.ts';
import { placeOf, useProblems } from '../stores/problems.ts';
import { select } from '../stores/session.ts';
import { useTraceFocus } from '../stores/trace-focus.ts';
import { bezierOf, pointOn } from './bezier.ts';
import { useDetail } from './detail.ts';
import { EdgeFaults } from './EdgeFaults.tsx';
import classes from './EdgeLine.module.css';
import { setCurve, watchLabel } from './edge-curves.ts';
import { amplificationNote, breakerNote, countsNote, latencyNote, rateNote } from './edge-notes.ts';
import { FailureBadges } from './FailureBadges.tsx';
import { useLabelPlaces } from './label-places-store.ts';
import { PolicyGlyphs } from './PolicyGlyphs.tsx';

export type FlowEdge = Edge<{ edge: ArchipelEdge }, 'line'>;

/** What of an edge is drawn by React, because it seldom changes. Its figures are written past it. */
function faceOf(frame: EngineFrame | null, id: string) {
  const running = frame?.edges[id] !== undefined && frame.topology !== 'stopped';
  const rates = edgeRates(id);
  const faults = frame?.faults ?? [];
  return {
    running,
    flowing: running && rates.bytesPerSec > 0,
    failing: running && rates.errorsPerSec > 0,
    hasFault: faults.some((fault) => isOn(fault) && actsOnEdge(fault, id)),
    toldFaults: frame ? faults.some((fault) => isToldOnCanvas(fault, frame) && actsOnEdge(fault, id)) : false,
    breaker: breakerNote(frame?.edges[id]),
  };
}

export const EdgeLine = memo(function EdgeLine(props: EdgeProps<FlowEdge>) {
  const { id } = props;
  const [path] = getBezierPath(props);
  const curve = useMemo(() => bezierOf(path), [path]);
  useLayoutEffect(() => setCurve(id, curve), [id, curve]);
  const isBox = useDetail(({ detail }) => detail === 'box');
  // From far away all edges are painted in one go.
  return isBox ? null : <FullLine {...props} path={path} />;
});

function FullLine({ id, data, selected, markerEnd, source, target, path }: EdgeProps<FlowEdge> & { path: string }) {
  const t = useT();
  const face = useDisplay(useShallow(({ frame }) => faceOf(frame, id)));
  const lessMotion = useReducedMotion();
  const invalid = useProblems(({ errors }) =>
    errors.some((error) => placeOf(error.path, useDocument.getState().document)?.id === id),
  );
  const lit = useTraceFocus(({ lit: trace }) =>
    trace === null ? undefined : trace.hop === id ? 'hop' : trace.edges.includes(id) ? 'on' : 'off',
  );
  const place = useLabelPlaces(({ places }) => places.get(id) ?? 0.5);
  const { x, y } = pointOn(bezierOf(path), place);
  const label = useCallback((element: Element | null) => (element ? watchLabel(id, element) : undefined), [id]);
  const first = useShownText(() => rateNote(edgeRates(id)));
  const second = useShownText((frame) => latencyNote(frame, id, { source, target }));
  const third = useShownText((frame) => (lessMotion ? countsNote(frame?.edges[id]) : ''));
  const attempts = useShownText((frame) => amplificationNote(frame?.edges[id]));

  return (
    <g
      data-fault={face.hasFault}
      data-breaker={face.breaker !== null}
      data-selected={selected}
      data-flowing={face.flowing}
      data-failing={face.failing}
      data-invalid={invalid}
      data-lit={lit}
      className={classes.line}
    >
      <BaseEdge id={id} path={path} markerEnd={markerEnd} interactionWidth={22} />
      <EdgeLabelRenderer>
        <div
          className={`${classes.label} nodrag nopan`}
          style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
          data-testid={`edge-${id}`}
          data-selected={selected}
          data-fault={face.hasFault}
          data-running={face.running}
          data-failing={face.failing}
          data-lit={lit}
        >
          <button ref={label} type="button" className={classes.pill} onClick={() => select({ edges: [id] })}>
            <span className="visually-hidden">{t('Select connection {{id}}', { id })}</span>
            {face.toldFaults && (
              <span className={classes.fault}>
                <CardFaults actsHere={(fault) => actsOnEdge(fault, id)} />
              </span>
            )}
            {face.running && face.breaker && (
              <span className={classes.breaker} data-metric="breaker">
                <IconPlugConnectedX size={12} aria-hidden /> {face.breaker}
              </span>
            )}
            {face.running && (
              <span className={classes.traffic} data-metric="traffic">
                <b ref={first} />
                <span ref={second} data-metric="edge-latency" />
                <span ref={third} data-metric="edge-counts" />
                <span ref={attempts} data-metric="attempts" />
              </span>
            )}
            {data && <PolicyGlyphs config={data.edge.config} />}
          </button>
          <FailureBadges hop={id} />
          {selected && data && face.running && (
            <div className={classes.toolbar}>
              <EdgeFaults edge={data.edge} />
            </div>
          )}
        </div>
      </EdgeLabelRenderer>
    </g>
  );
}
