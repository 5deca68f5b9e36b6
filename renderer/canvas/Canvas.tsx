import { useComputedColorScheme } from '@mantine/core';
import { type DragEvent, useEffect, useLayoutEffect, useRef } from 'react';
import {
  Background,
  BackgroundVariant,
  Controls,
  MarkerType,
  MiniMap,
  ReactFlow,
  useReactFlow,
  useStore,
} from 'reactflow';
import { kinds } from '../../engine/kinds/index.ts';
import { TemplateGallery } from '../documents/TemplateGallery.tsx';
import { TrustBanner } from '../documents/TrustBanner.tsx';
import { edit, useDocument } from '../stores/document.ts';
import { remove } from '../stores/document-edits.ts';
import { useFile } from '../stores/file.ts';
import { groupOfKey, removeGroups } from '../stores/group-edits.ts';
import { select, useSession } from '../stores/session.ts';
import { useReadOnly } from '../stores/trust.ts';
import { ApplyNotice } from './ApplyNotice.tsx';
import { addGroupToCanvas, addToCanvas, KIND_MEDIA_TYPE, onMiddleAsked } from './add-to-canvas.ts';
import classes from './Canvas.module.css';
import { ConnectionHint } from './ConnectionHint.tsx';
import { connecting } from './connecting.ts';
import { DisplayControls } from './DisplayControls.tsx';
import { detailAt, isMany, useDetail } from './detail.ts';
import { EdgeLine, type FlowEdge } from './EdgeLine.tsx';
import type { CanvasNode } from './flow-nodes.ts';
import { GroupFrame } from './GroupFrame.tsx';
import { LabelPlacer } from './LabelPlacer.tsx';
import { NodeCard } from './NodeCard.tsx';
import { Overlay } from './Overlay.tsx';
import { PaintedMiniMap } from './PaintedMiniMap.tsx';
import { useFlow } from './use-flow.ts';

const nodeTypes = { card: NodeCard, frame: GroupFrame };
const edgeTypes = { line: EdgeLine };
const edgeDefaults = {
  type: 'line' as const,
  markerEnd: {
    type: MarkerType.ArrowClosed,
    width: 22,
    height: 22,
    markerUnits: 'userSpaceOnUse',
    color: 'var(--app-edge)',
  },
};
const fit = { padding: 0.18, maxZoom: 1 };
const minimapSize = { width: 150, height: 96 };
const familyColors = { traffic: '#4c6ef5', edge: '#0c8599', compute: '#7950f2', storage: '#e8590c' };

const colorOf = (node: CanvasNode): string =>
  node.type === 'card'
    ? familyColors[kinds.find(({ kind }) => kind === node.data.node.kind)?.family ?? 'compute']
    : '#adb5bd44';

export function Canvas() {
  const flow = useReactFlow<CanvasNode, FlowEdge>();
  const area = useRef<HTMLElement>(null);
  const scheme = useComputedColorScheme('light');
  const shown = useFlow();
  const detail = useStore(({ transform }) => detailAt(transform[2], shown.nodes.length));
  useLayoutEffect(() => useDetail.setState({ detail }), [detail]);
  const empty = useDocument(({ document }) => document.nodes.length === 0);
  const untitled = useFile(({ path }) => path === null);
  const readOnly = useReadOnly();
  const reveal = useSession((state) => state.reveal);

  useEffect(() => {
    onMiddleAsked(() => {
      const box = area.current?.getBoundingClientRect();
      return box ? flow.screenToFlowPosition({ x: box.x + box.width / 2, y: box.y + box.height / 2 }) : { x: 0, y: 0 };
    });
  }, [flow]);

  useEffect(() => {
    if (reveal.nodes.length === 0) return;
    // The nodes have a size only once they are drawn.
    const frame = requestAnimationFrame(() =>
      requestAnimationFrame(
        () =>
          void flow.fitView({
            ...fit,
            nodes: reveal.nodes.map((id) => ({ id })),
            duration: reveal.nodes.length === 1 ? 300 : 0,
          }),
      ),
    );
    return () => cancelAnimationFrame(frame);
  }, [reveal, flow]);

  const onDragOver = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes(KIND_MEDIA_TYPE)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
  };
  const onDrop = (event: DragEvent) => {
    const kind = event.dataTransfer.getData(KIND_MEDIA_TYPE);
    if (!kind) return;
    event.preventDefault();
    const { x, y } = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    if (kind === 'host' || kind === 'zone') addGroupToCanvas(kind, { x: x - 60, y: y - 20 });
    else addToCanvas(kind, { x: x - 108, y: y - 40 });
  };

  return (
    <main
      ref={area}
      className={classes.canvas}
      data-far={detail === 'far'}
      data-detail={detail}
      aria-label="Canvas"
      onDragOver={onDragOver}
      onDrop={onDrop}
    >
      <ReactFlow
        {...shown}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        defaultEdgeOptions={edgeDefaults}
        // What stands in a frame stays when the frame goes, unless it was selected itself.
        onBeforeDelete={async ({ nodes, edges }) => ({ nodes: nodes.filter(({ selected }) => selected), edges })}
        onDelete={({ nodes: goneNodes, edges: goneEdges }) =>
          edit((document) =>
            remove(
              removeGroups(
                document,
                goneNodes.flatMap(({ id }) => groupOfKey(id) ?? []),
              ),
              { nodes: goneNodes.map(({ id }) => id), edges: goneEdges.map(({ id }) => id) },
            ),
          )
        }
        {...connecting}
        onPaneClick={() => select({})}
        nodesDraggable={!readOnly}
        nodesConnectable={!readOnly}
        deleteKeyCode={readOnly ? null : ['Delete', 'Backspace']}
        multiSelectionKeyCode={['Control', 'Meta', 'Shift']}
        colorMode={scheme}
        minZoom={0.08}
        maxZoom={2}
        connectionRadius={28}
        onlyRenderVisibleElements={detail !== 'box' && isMany(shown.nodes.length)}
        proOptions={{ hideAttribution: true }}
      >
        <Background variant={BackgroundVariant.Dots} gap={22} size={1.6} color="var(--app-dots)" />
        <Overlay />
        <LabelPlacer />
        <DisplayControls />
        <Controls showInteractive={false} fitViewOptions={fit} />
        {!empty && isMany(shown.nodes.length) && <PaintedMiniMap colorOf={colorOf} />}
        {!empty && !isMany(shown.nodes.length) && (
          <MiniMap<CanvasNode>
            pannable
            zoomable
            className={classes.minimap}
            style={minimapSize}
            nodeColor={colorOf}
            nodeBorderRadius={24}
            ariaLabel="Overview of the canvas"
          />
        )}
        <ConnectionHint />
        <ApplyNotice />
        <TrustBanner />
      </ReactFlow>
      {empty && untitled && <TemplateGallery />}
    </main>
  );
}
