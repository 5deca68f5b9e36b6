import i18next from 'i18next';
import uPlot from 'uplot';
import { inUnit } from '../i18n/number.ts';
import { t } from '../i18n/t.ts';
import { useChartWindow, windowNow, zoomTo } from './chart-window.ts';
import { liveHistory } from './live-history.ts';
import { liveMarkers } from './markers.ts';

export interface LineOptions {
  /** In the history. */
  name: string;
  label: string;
  /** Name of a CSS colour variable. */
  color: string;
  /** Lines of one colour differ in their dashes. */
  dash?: readonly number[];
}

const MIN_REDRAW_MS = 240;
/** All charts move their cursor together. */
const SYNC_KEY = 'archipel';
/** Five times do not stand apart below a narrower chart: three do. */
const NARROW_PX = 320;
/** Least distance between two labels of markers. */
const LABEL_PX = 54;

/** A uPlot of the history, with a band wherever a fault was on and a line at each deploy. */
export function createLivePlot(
  element: HTMLElement,
  {
    lines,
    format,
    onCursor,
  }: {
    lines: readonly LineOptions[];
    format(value: number): string;
    /** The values under the cursor, or null when it is elsewhere. */
    onCursor?(values: readonly (number | null)[] | null): void;
  },
) {
  const style = getComputedStyle(element);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const axis = {
    stroke: color('--app-muted'),
    grid: { stroke: color('--chart-grid'), width: 1 },
    ticks: { show: false },
    font: '10px system-ui',
  };
  const names = lines.map(({ name }) => name);
  const size = () => ({ width: Math.max(40, element.clientWidth), height: Math.max(40, element.clientHeight) });
  const marks = { fault: color('--chart-fault'), deploy: color('--chart-deploy'), ink: color('--app-muted') };

  const plot = new uPlot(
    {
      ...size(),
      cursor: {
        x: true,
        y: false,
        points: { size: 5 },
        drag: { x: true, y: false, setScale: false },
        sync: { key: SYNC_KEY, setSeries: false },
      },
      legend: { show: false },
      padding: [8, 28, 0, 0],
      scales: {
        x: {
          time: true,
          range: () => {
            const { fromSec, toSec } = windowNow();
            return [fromSec, toSec];
          },
        },
        y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.15 : 1] },
      },
      axes: [
        {
          ...axis,
          size: 22,
          splits: ({ width }, _index, min, max) => {
            const parts = width < NARROW_PX ? 2 : 4;
            return Array.from({ length: parts + 1 }, (_, tick) => min + ((max - min) * tick) / parts);
          },
          values: (_plot, splits) => splits.map((sec) => timeLabel(sec, splits.at(-1) ?? sec)),
        },
        { ...axis, size: 50, space: 26, values: (_plot, ticks) => ticks.map(format) },
      ],
      series: [
        {},
        ...lines.map((line) => ({
          label: line.label,
          stroke: color(line.color),
          width: 1.8,
          ...(line.dash && { dash: [...line.dash] }),
          ...(lines.length <= 2 && { fill: `${color(line.color)}18` }),
          // Figures of nodes come less often where there are many; what is missing between two of them is no gap.
          spanGaps: line.name.includes(':'),
          points: { show: false },
        })),
      ],
      hooks: {
        drawClear: [(drawn) => drawMarkers(drawn, marks)],
        setSelect: [
          (drawn) => {
            const { left, width } = drawn.select;
            if (width === 0) return;
            zoomTo(drawn.posToVal(left, 'x'), drawn.posToVal(left + width, 'x'));
            drawn.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          },
        ],
        setCursor: [
          ({ cursor: { idx }, data }) =>
            onCursor?.(idx == null ? null : data.slice(1).map((column) => column[idx] ?? null)),
        ],
      },
    },
    [[], ...lines.map(() => [])],
    element,
  );

  let isSeen = true;
  const visible = new IntersectionObserver((entries) => {
    isSeen = entries.at(-1)?.isIntersecting ?? true;
    if (isSeen) redraw();
  });
  visible.observe(element);
  const resized = new ResizeObserver(() => plot.setSize(size()));
  resized.observe(element);

  let drawnAtMs = 0;
  const redraw = () => {
    if (!isSeen || document.hidden) return;
    drawnAtMs = performance.now();
    plot.setData(liveHistory.columns(names, windowNow()));
  };
  /** With a new frame: draws when it is seen and it is time. A stretch that was chosen stands still. */
  const update = () => {
    if (performance.now() - drawnAtMs >= MIN_REDRAW_MS && useChartWindow.getState().zoom === null) redraw();
  };
  const endWindow = useChartWindow.subscribe(redraw);
  redraw();
  return {
    update,
    destroy() {
      endWindow();
      visible.disconnect();
      resized.disconnect();
      plot.destroy();
    },
  };
}

function timeLabel(sec: number, endSec: number): string {
  if (useChartWindow.getState().zoom)
    return new Date(sec * 1000).toLocaleTimeString(i18next.language === 'en' ? 'en-GB' : i18next.language);
  const ago = Math.round(endSec - sec);
  return ago === 0 ? t('now') : `−${inUnit(String(ago), 's')}`;
}

function drawMarkers(plot: uPlot, color: { fault: string; deploy: string; ink: string }): void {
  const markers = liveMarkers();
  if (markers.length === 0) return;
  const { ctx, bbox } = plot;
  const nowSec = liveHistory.newestAtSec() ?? 0;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.font = `${10 * devicePixelRatio}px system-ui`;
  ctx.textBaseline = 'top';
  let labelledTo = Number.NEGATIVE_INFINITY;
  for (const { type, label, fromMs, toMs } of markers) {
    const from = plot.valToPos(fromMs / 1000, 'x', true);
    const to = plot.valToPos(toMs === null ? nowSec : toMs / 1000, 'x', true);
    if (!Number.isFinite(from) || !Number.isFinite(to) || to < bbox.left || from > bbox.left + bbox.width) continue;
    ctx.fillStyle = type === 'fault' ? color.fault : color.deploy;
    if (type === 'fault') ctx.fillRect(from, bbox.top, Math.max(2, to - from), bbox.height);
    else ctx.fillRect(from, bbox.top, 2 * devicePixelRatio, bbox.height);
    const at = Math.max(from, bbox.left) + 3 * devicePixelRatio;
    if (at < labelledTo) continue;
    ctx.fillStyle = color.ink;
    ctx.fillText(type === 'deploy' ? `▸ ${label}` : label, at, bbox.top + 2);
    labelledTo = at + Math.max(LABEL_PX * devicePixelRatio, ctx.measureText(label).width);
  }
  ctx.restore();
}
