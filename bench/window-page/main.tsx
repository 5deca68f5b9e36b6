import '@mantine/core/styles.css';
import 'reactflow/dist/style.css';
import 'uplot/dist/uPlot.min.css';
import '../../renderer/theme.css';
import { MantineProvider } from '@mantine/core';
import { useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { ReactFlowProvider, useReactFlow } from 'reactflow';
import { theme } from '../../renderer/theme.ts';
import { dragCard, pan, type Rate, rateOf } from './gestures.ts';
import { gridDocument } from './load.ts';
import { BareScene, feed, OurScene } from './scenes.tsx';

export interface WindowBench {
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
if (isOurs) feed(graph);

/** Lets tests of speed look around. */
function Driver() {
  const flow = useReactFlow();
  useEffect(() => {
    globalThis.windowBench = {
      async look(zoom) {
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

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element "root".');
createRoot(root).render(
  <MantineProvider theme={theme} forceColorScheme="light">
    <ReactFlowProvider>
      {isOurs ? <OurScene /> : <BareScene document={graph} />}
      <Driver />
    </ReactFlowProvider>
  </MantineProvider>,
);
