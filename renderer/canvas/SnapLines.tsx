import { useStore, ViewportPortal } from 'reactflow';
import classes from './Canvas.module.css';
import { snapLines } from './snapping.ts';

/** While something is dragged: the lines that it has snapped to. */
export function SnapLines() {
  // Drawn together with what is dragged: an update of their own would paint the canvas a second time for each move.
  const lines = useStore(snapLines);
  if (lines.length === 0) return null;
  return (
    <ViewportPortal>
      {lines.map(({ axis, at, from, to }) => (
        <div
          key={axis}
          className={classes.snapLine}
          data-axis={axis}
          data-testid="snap-line"
          style={
            axis === 'x'
              ? { transform: `translate(${at}px, ${from}px)`, height: to - from }
              : { transform: `translate(${from}px, ${at}px)`, width: to - from }
          }
        />
      ))}
    </ViewportPortal>
  );
}
