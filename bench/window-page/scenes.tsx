import {
  Background,
  BackgroundVariant,
  type Edge,
  type Node,
  ReactFlow,
  useEdgesState,
  useNodesState,
} from 'reactflow';
import type { ArchipelDocument } from '../../engine/model/document.ts';
import { Canvas } from '../../renderer/canvas/Canvas.tsx';
import { createPace } from '../../renderer/metrics/pace.ts';
import { showFrame } from '../../renderer/metrics/show-frame.ts';
import { TrafficPanel } from '../../renderer/metrics/TrafficPanel.tsx';
import { replaceDocument } from '../../renderer/stores/document.ts';
import { frameOf } from './load.ts';

/** The scene as anyone would draw it with React Flow: the library's own nodes and edges, of the same size, with no figures. */
export function BareScene({ document }: { document: ArchipelDocument }) {
  const [nodes, , onNodesChange] = useNodesState<Node>(
    document.nodes.map(({ id, name, position }) => ({
      id,
      position,
      data: { label: name },
      sourcePosition: 'right',
      targetPosition: 'left',
      style: { width: 216, height: 132 },
    })) as Node[],
  );
  const [edges, , onEdgesChange] = useEdgesState<Edge>(
    document.edges.map(({ id, source, target }) => ({ id, source, target })),
  );
  return (
    <main style={{ height: '100%' }}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        minZoom={0.05}
        maxZoom={2}
        colorMode="light"
        proOptions={{ hideAttribution: true }}
      >
        <Background variant={BackgroundVariant.Dots} gap={22} size={1.6} />
      </ReactFlow>
    </main>
  );
}

/** The canvas of the window, with its stores. */
export function OurScene() {
  return (
    <div style={{ display: 'grid', gridTemplate: '"canvas" 100% / 100%', height: '100%' }}>
      <Canvas />
    </div>
  );
}

/** Canvas and dashboard of the window. */
export function OurPanels() {
  return (
    <div style={{ display: 'grid', gridTemplate: '"canvas" 60% "bottom" 40% / 100%', height: '100%' }}>
      <Canvas />
      <TrafficPanel />
    </div>
  );
}

/** Feeds the stores of the window at the pace of the engine. */
export function createFeed(document: ArchipelDocument): { start(): void; stop(): void; frames(count: number): void } {
  replaceDocument(document);
  const startedAtMs = Date.now();
  let tick = 0;
  let timer: ReturnType<typeof setInterval> | undefined;
  const show = createPace(showFrame);
  const next = () => show(frameOf(document, tick++, startedAtMs));
  next();
  return {
    start() {
      timer ??= setInterval(next, 100);
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
    },
    frames(count) {
      for (let frame = 0; frame < count; frame += 1) showFrame(frameOf(document, tick++, startedAtMs));
    },
  };
}
