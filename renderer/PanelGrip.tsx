import { type PointerEvent, useRef } from 'react';
import classes from './BottomPanel.module.css';
import { useT } from './i18n/t.ts';
import { LEAST_PX, STEP_PX, setPanelHeight } from './panel-height.ts';
import { useSession } from './stores/session.ts';

/** The upper edge of the panel below, dragged or moved with the arrow keys; a double click gives it its own height back. */
export function PanelGrip() {
  const t = useT();
  const held = useRef<{ fromY: number; fromPx: number } | null>(null);
  const grip = useRef<HTMLDivElement>(null);
  const heightPx = useSession((state) => state.bottomHeightPx);
  const heightNow = (): number => grip.current?.parentElement?.clientHeight ?? 0;
  const onPointerDown = (event: PointerEvent) => {
    grip.current?.setPointerCapture(event.pointerId);
    held.current = { fromY: event.clientY, fromPx: heightNow() };
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a line between two parts that can be moved is no <hr>
    <div
      ref={grip}
      role="separator"
      tabIndex={0}
      aria-orientation="horizontal"
      aria-valuemin={LEAST_PX}
      aria-valuenow={heightPx ?? LEAST_PX}
      aria-valuetext={heightPx === null ? t('as high as the tab needs') : t('{{heightPx}} pixels', { heightPx })}
      className={classes.grip}
      aria-label={t('Height of the panel')}
      onPointerDown={onPointerDown}
      onPointerMove={({ clientY }) =>
        held.current && setPanelHeight(held.current.fromPx + held.current.fromY - clientY)
      }
      onPointerUp={() => {
        held.current = null;
      }}
      onDoubleClick={() => useSession.setState({ bottomHeightPx: null })}
      onKeyDown={({ key }) => {
        if (key === 'ArrowUp') setPanelHeight(heightNow() + STEP_PX);
        if (key === 'ArrowDown') setPanelHeight(heightNow() - STEP_PX);
      }}
    />
  );
}
