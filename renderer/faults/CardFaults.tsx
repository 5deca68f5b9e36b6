import type { EngineFrame, FaultStatus } from '../../engine/api/types.ts';
import { useT } from '../i18n/t.ts';
import { useFrameEvery } from '../stores/use-live.ts';
import { ActivityMark } from './ActivityMark.tsx';
import { activityText, cardText } from './activity.ts';
import { isOn } from './fault-actions.ts';
import classes from './faults.module.css';
import { NewestProof } from './ProofBadge.tsx';
import { faultTitle } from './presentation.ts';

const MOST = 3;
/** How long the proof of its removal stays on the canvas. */
const LINGERS_MS = 6000;

/** Whether the canvas tells of a fault: while it is on, and shortly after. */
export const isToldOnCanvas = (fault: FaultStatus, frame: Pick<EngineFrame, 'atMs'>): boolean =>
  isOn(fault) || (fault.endedAtMs !== null && frame.atMs - fault.endedAtMs < LINGERS_MS);

/** What is on a node or an edge, line by line: what it does now, how long, and what was measured of it. */
export function CardFaults({ actsHere }: { actsHere(fault: FaultStatus): boolean }) {
  const t = useT();
  const frame = useFrameEvery(200);
  const told = (frame?.faults ?? []).filter((fault) => frame && isToldOnCanvas(fault, frame) && actsHere(fault));
  // Those that are on come first; of those that went, the newest.
  const shown = [...told].sort((a, b) => Number(isOn(b)) - Number(isOn(a)) || b.startedAtMs - a.startedAtMs);
  return (
    <ul className={classes.cardFaults}>
      {shown.slice(0, MOST).map((fault) => (
        <li key={fault.id} data-on={isOn(fault)} data-active={fault.active}>
          <ActivityMark fault={fault} />
          <span>
            {isOn(fault)
              ? cardText(faultTitle(fault.fault), fault, frame)
              : `${faultTitle(fault.fault)} · ${activityText(fault, frame)}`}
          </span>
          <NewestProof fault={fault} />
        </li>
      ))}
      {shown.length > MOST && <li>{t('and {{number}} more', { number: shown.length - MOST })}</li>}
    </ul>
  );
}
