import { type PointerEvent, useRef } from 'react';
import classes from './BottomPanel.module.css';
import { useT } from './i18n/t.ts';
import { useSession } from './stores/session.ts';

const LEAST_PX = 140;
const STEP_PX = 24;

const setHeight = (heightPx: number): void =>
  useSession.setState({ bottomHeightPx: Math.round(Math.min(window.innerHeight - 200, Math.max(LEAST_PX, heightPx))) });

/** The upper edge of the panel below, dragged or moved with the arrow keys; a double click gives it its own height back. */
export function PanelGrip() {
  const t = useT();
  const held = useRef<{ fromY: number; fromPx: number } | null>(null);
  const grip = useRef<HTMLButtonElement>(null);
  const heightNow = (): number => grip.current?.parentElement?.clientHeight ?? 0;
  const onPointerDown = (event: PointerEvent) => {
    grip.current?.setPointerCapture(event.pointerId);
    held.current = { fromY: event.clientY, fromPx: heightNow() };
  };
  return (
    <button
      ref={grip}
      type="button"
      className={classes.grip}
      aria-label={t('Height of the panel')}
      onPointerDown={onPointerDown}
      onPointerMove={({ clientY }) => held.current && setHeight(held.current.fromPx + held.current.fromY - clientY)}
      onPointerUp={() => {
        held.current = null;
      }}
      onDoubleClick={() => useSession.setState({ bottomHeightPx: null })}
      onKeyDown={({ key }) => {
        if (key === 'ArrowUp') setHeight(heightNow() + STEP_PX);
        if (key === 'ArrowDown') setHeight(heightNow() - STEP_PX);
      }}
    />
  );
}
