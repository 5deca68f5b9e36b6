import { useComputedColorScheme } from '@mantine/core';
import { type DragEvent, type MouseEvent, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { Controls, MarkerType, MiniMap, ReactFlow, useReactFlow, useStore } from 'reactflow';
import { kinds } from '../../engine/kinds/index.ts';
import { glideMs } from '../display/reduced-motion.ts';
import { RecoveryNotice } from '../documents/RecoveryNotice.tsx';
import { TemplateGallery } from '../documents/TemplateGallery.tsx';
import { TrustBanner } from '../documents/TrustBanner.tsx';
import { useT } from '../i18n/t.ts';
import { useDocument } from '../stores/document.ts';
import { useFile } from '../stores/file.ts';
import { select, useSession } from '../stores/session.ts';
import { useReadOnly } from '../stores/trust.ts';
import { ApplyNotice } from './ApplyNotice.tsx';
import { addFromPalette, KIND_MEDIA_TYPE } from './add-to-canvas.ts';
import { ariaLabels } from './aria-labels.ts';
import { BundleLine } from './BundleLine.tsx';
import classes from './Canvas.module.css';
import { ConnectionHint } from './ConnectionHint.tsx';
import { connecting } from './connecting.ts';
import { DisplayControls } from './DisplayControls.tsx';
import { DotGrid } from './DotGrid.tsx';
import { detailAt, isMany, useDetail } from './detail.ts';
import { EdgeLine } from './EdgeLine.tsx';
import type { CanvasEdge } from './flow-edges.ts';
import type { CanvasNode } from './flow-nodes.ts';
import { GroupFrame } from './GroupFrame.tsx';
import { LabelPlacer } from './LabelPlacer.tsx';
import { NodeCard } from './NodeCard.tsx';
import { NoteCard } from './NoteCard.tsx';
import { Overlay } from './Overlay.tsx';
import { PaintedMiniMap } from './PaintedMiniMap.tsx';
import { SnapLines } from './SnapLines.tsx';
import { useConnectionTargets } from './use-connection-targets.ts';
import { useFlow } from './use-flow.ts';
import { useNoLateFit } from './use-no-late-fit.ts';
import { answerViewport } from './viewport.ts';

const nodeTypes = { card: NodeCard, frame: GroupFrame, note: NoteCard };
const edgeTypes = { line: EdgeLine, bundle: BundleLine };
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
const familyColors = {
  traffic: '#4c6ef5',
  edge: '#0c8599',
  compute: '#7950f2',
  storage: '#e8590c',
  messaging: '#d6336c',
};

const colorOf = (node: CanvasNode): string =>
  node.type === 'card'
    ? familyColors[kinds.find(({ kind }) => kind === node.data.node.kind)?.family ?? 'compute']
    : '#adb5bd44';

export function Canvas() {
  const t = useT();
  const spoken = useMemo(() => ariaLabels(t), [t]);
  const flow = useReactFlow<CanvasNode, CanvasEdge>();
  const area = useRef<HTMLElement>(null);
  const scheme = useComputedColorScheme('light');
  const shown = useFlow();
  const detail = useStore(({ transform }) => detailAt(transform[2], shown.nodes.length));
  useLayoutEffect(() => useDetail.setState({ detail }), [detail]);
  const empty = useDocument(
    ({ document: { nodes, groups, notes } }) => nodes.length + groups.length + notes.length === 0,
  );
  const untitled = useFile(({ path }) => path === null);
  const readOnly = useReadOnly();
  useConnectionTargets();
  useNoLateFit();
  const reveal = useSession((state) => state.reveal);

  useEffect(() => {
    answerViewport({
      middle: () => {
        const box = area.current?.getBoundingClientRect();
        return box
          ? flow.screenToFlowPosition({ x: box.x + box.width / 2, y: box.y + box.height / 2 })
          : { x: 0, y: 0 };
      },
      fit: (ids) =>
        void flow.fitView({ ...fit, ...(ids && { nodes: ids.map((id) => ({ id })) }), duration: glideMs(300) }),
      zoom: (direction) => {
        const duration = glideMs(150);
        void (direction === 'in' ? flow.zoomIn({ duration }) : flow.zoomOut({ duration }));
      },
      toDocument: (screen) => flow.screenToFlowPosition(screen),
      scale: () => flow.getZoom(),
      sizes: () => sizesOf(flow.getNodes()),
      focus: (id) => {
        const card = id === null ? null : area.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`);
        (card ?? area.current)?.focus({ preventScroll: true });
      },
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
            duration: reveal.nodes.length === 1 ? glideMs(300) : 0,
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
    addFromPalette(kind, { x, y });
  };

  return (
    <main
      ref={area}
      className={classes.canvas}
      data-far={detail === 'far'}
      data-detail={detail}
      aria-label={t('Canvas')}
      data-region="canvas"
      tabIndex={-1}
      onDragOver={onDragOver}
      onDrop={onDrop}
    >
      <ReactFlow
        {...shown}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        defaultEdgeOptions={edgeDefaults}
        {...connecting}
        onPaneClick={() => select({})}
        onNodeClick={selectClicked}
        nodesDraggable={!readOnly}
        nodesConnectable={!readOnly}
        // Delete is an action like any other.
        deleteKeyCode={null}
        multiSelectionKeyCode={['Control', 'Meta', 'Shift']}
        colorMode={scheme}
        minZoom={0.08}
        maxZoom={2}
        connectionRadius={28}
        onlyRenderVisibleElements={detail !== 'box' && isMany(shown.nodes.length)}
        proOptions={{ hideAttribution: true }}
        ariaLabelConfig={spoken}
      >
        <DotGrid />
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
            ariaLabel={t('Overview of the canvas')}
          />
        )}
        <SnapLines />
        <ConnectionHint />
        <ApplyNotice />
        <TrustBanner />
      </ReactFlow>
      {empty && untitled && <TemplateGallery />}
      <RecoveryNotice />
    </main>
  );
}

/** A click on one of several that are selected means that one. */
function selectClicked(event: MouseEvent, { id }: CanvasNode): void {
  if (!event.ctrlKey && !event.metaKey && !event.shiftKey) select({ nodes: [id] });
}

const sizesOf = (nodes: readonly CanvasNode[]): Map<string, { width: number; height: number }> =>
  new Map(
    nodes.flatMap(({ id, type, measured }) =>
      type === 'card' && measured?.width && measured.height
        ? [[id, { width: measured.width, height: measured.height }]]
        : [],
    ),
  );
