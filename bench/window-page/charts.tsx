import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { latencyLines } from '../../renderer/metrics/chart-lines.ts';
import { windowNow } from '../../renderer/metrics/chart-window.ts';
import { LiveChart } from '../../renderer/metrics/LiveChart.tsx';
import { liveHistory } from '../../renderer/metrics/live-history.ts';
import { formatMs } from '../../renderer/ui/format.ts';

const COUNT = 20;
const grid = { display: 'grid', gridTemplateColumns: 'repeat(5, 1fr)', gridAutoRows: 170, height: '100%' } as const;

/** Charts of the window, all in view. */
export const OurCharts = () => (
  <div style={grid}>
    {Array.from({ length: COUNT }, (_, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
      <LiveChart key={index} title={`Latency ${index}`} lines={latencyLines} format={formatMs} />
    ))}
  </div>
);

const plots: uPlot[] = [];
const names = latencyLines.map(({ name }) => name);
let columns: uPlot.AlignedData = [[], ...names.map(() => [])];

/** As many plots of the library alone, with the same points, and the same lines and dashes. */
export function BareCharts() {
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!root.current) return;
    for (const cell of root.current.children)
      plots.push(
        new uPlot(
          {
            width: cell.clientWidth,
            height: cell.clientHeight - 20,
            legend: { show: false },
            series: [
              {},
              ...latencyLines.map(({ dash }) => ({
                ...{ stroke: '#2aa9c5', width: 1.8, points: { show: false } },
                ...(dash && { dash: [...dash] }),
              })),
            ],
          },
          columns,
          cell as HTMLElement,
        ),
      );
  }, []);
  return (
    <div ref={root} style={grid}>
      {Array.from({ length: COUNT }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
        <div key={index} />
      ))}
    </div>
  );
}

/** Gives the bare plots what the charts of the window show. */
export function chartsUpdated(): void {
  columns = liveHistory.columns(names, windowNow());
  for (const plot of plots) plot.setData(columns);
}
