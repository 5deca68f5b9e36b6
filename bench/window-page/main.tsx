import '@mantine/core/styles.css';
import 'reactflow/dist/style.css';
import 'uplot/dist/uPlot.min.css';
import '../../renderer/theme.css';
import { MantineProvider } from '@mantine/core';
import { useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { ReactFlowProvider, useReactFlow } from 'reactflow';
import { theme } from '../../renderer/theme.ts';
import { BareCharts, chartsUpdated, OurCharts } from './charts.tsx';
import { dragCard, pan, type Rate, rateOf } from './gestures.ts';
import { gridDocument } from './load.ts';
import { BareScene, createFeed, OurPanels, OurScene } from './scenes.tsx';

export interface WindowBench {
  /** Feeds what is shown, at the pace of the engine; or lets it rest. */
  feed(isOn: boolean): void;
  /** So many frames at once, as fast as they can be taken. */
  frames(count: number): void;
  /** One update of all charts. */
  updateCharts(): void;
  /** Looks at the middle of the scene at this zoom; null: at all of it. */
  look(zoom: number | null): Promise<void>;
  rest(durationMs: number): Promise<Rate>;
  pan(durationMs: number): Promise<Rate>;
  drag(durationMs: number): Promise<Rate>;
  /** What is drawn now. */
  drawn(): { cards: number; zoom: number };
}

declare global {
  var windowBench: WindowBench | undefined;
}

const asked = new URLSearchParams(location.search);
const graph = gridDocument(Number(asked.get('nodes') ?? 0), Number(asked.get('edges') ?? 0));
const isOurs = asked.get('scene') === 'window';
const feed = createFeed(graph);

/** Lets tests of speed look around. */
function Driver() {
  const flow = useReactFlow();
  useEffect(() => {
    globalThis.windowBench = {
      feed: (isOn) => (isOurs && isOn ? feed.start() : feed.stop()),
      frames: feed.frames,
      updateCharts() {
        feed.frames(3);
        if (!isOurs) chartsUpdated();
      },
      async look(zoom) {
        // React Flow waits for nodes to fit, however long there are none.
        if (flow.getNodes().length === 0) return;
        if (zoom === null) await flow.fitView({ padding: 0.05, minZoom: 0.05, duration: 0 });
        else {
          const bounds = flow.getNodesBounds(flow.getNodes());
          await flow.setCenter(bounds.x + bounds.width / 2, bounds.y + bounds.height / 2, { zoom, duration: 0 });
        }
      },
      rest: (durationMs) => rateOf(durationMs, () => undefined),
      pan,
      drag: dragCard,
      drawn: () => ({ cards: document.querySelectorAll('.react-flow__node').length, zoom: flow.getZoom() }),
    };
  }, [flow]);
  return null;
}

function Scene() {
  if (asked.get('show') === 'charts') return isOurs ? <OurCharts /> : <BareCharts />;
  if (asked.get('show') === 'panels') return <OurPanels />;
  return isOurs ? <OurScene /> : <BareScene document={graph} />;
}

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element "root".');
createRoot(root).render(
  <MantineProvider theme={theme} forceColorScheme="light">
    <ReactFlowProvider>
      <Scene />
      <Driver />
    </ReactFlowProvider>
  </MantineProvider>,
);
