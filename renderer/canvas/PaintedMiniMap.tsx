import { useComputedColorScheme } from '@mantine/core';
import { type PointerEvent, useEffect, useRef } from 'react';
import { Panel, useReactFlow, useStoreApi } from 'reactflow';
import { useT } from '../i18n/t.ts';
import type { CanvasNode } from './flow-nodes.ts';
import classes from './PaintedMiniMap.module.css';

const SIZE = { width: 150, height: 96 };
/** Nobody sees a small map change more often. */
const PAINT_MS = 120;

interface Scale {
  x: number;
  y: number;
  perUnit: number;
}

/** The overview of a large canvas, painted in one go: one element for each card costs more than the cards in view. */
export function PaintedMiniMap({ colorOf }: { colorOf(node: CanvasNode): string }) {
  const t = useT();
  const store = useStoreApi<CanvasNode>();
  const flow = useReactFlow<CanvasNode>();
  const scheme = useComputedColorScheme('light');
  const map = useRef<HTMLCanvasElement>(null);
  const scale = useRef<Scale>({ x: 0, y: 0, perUnit: 1 });

  // biome-ignore lint/correctness/useExhaustiveDependencies: colours are read from the scheme once
  useEffect(() => {
    const canvas = map.current;
    const context = canvas?.getContext('2d');
    if (!canvas || !context) return;
    const style = getComputedStyle(canvas);
    const [veil, rim] = [
      style.getPropertyValue('--app-muted'),
      style.getPropertyValue('--mantine-primary-color-filled'),
    ];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const paint = () => {
      timer = undefined;
      const { nodeLookup, transform, width, height } = store.getState();
      const [left, top, zoom] = transform;
      const view = { x: -left / zoom, y: -top / zoom, width: width / zoom, height: height / zoom };
      const cards = [...nodeLookup.values()].map((node) => ({
        ...node.internals.positionAbsolute,
        width: node.measured.width ?? 216,
        height: node.measured.height ?? 132,
        color: colorOf(node.internals.userNode),
      }));
      const all = [...cards, view];
      const [x, y] = [Math.min(...all.map((rect) => rect.x)), Math.min(...all.map((rect) => rect.y))];
      const right = Math.max(...all.map((rect) => rect.x + rect.width));
      const bottom = Math.max(...all.map((rect) => rect.y + rect.height));
      const perUnit = Math.min(SIZE.width / (right - x), SIZE.height / (bottom - y)) * 0.94;
      scale.current = {
        perUnit,
        x: (SIZE.width - (right - x) * perUnit) / 2 - x * perUnit,
        y: (SIZE.height - (bottom - y) * perUnit) / 2 - y * perUnit,
      };
      const ratio = Math.min(2, devicePixelRatio);
      canvas.width = SIZE.width * ratio;
      canvas.height = SIZE.height * ratio;
      context.setTransform(ratio * perUnit, 0, 0, ratio * perUnit, ratio * scale.current.x, ratio * scale.current.y);
      for (const card of cards) {
        context.fillStyle = card.color;
        context.fillRect(card.x, card.y, card.width, card.height);
      }
      context.globalAlpha = 0.14;
      context.fillStyle = veil;
      context.fillRect(view.x, view.y, view.width, view.height);
      context.globalAlpha = 1;
      context.lineWidth = 1.5 / perUnit;
      context.strokeStyle = rim;
      context.strokeRect(view.x, view.y, view.width, view.height);
    };
    const later = () => {
      timer ??= setTimeout(paint, PAINT_MS);
    };
    paint();
    const unsubscribe = store.subscribe(later);
    return () => {
      clearTimeout(timer);
      unsubscribe();
    };
  }, [store, colorOf, scheme]);

  const goTo = ({ currentTarget, clientX, clientY, buttons }: PointerEvent) => {
    if (buttons !== 1) return;
    const { left, top } = currentTarget.getBoundingClientRect();
    const { x, y, perUnit } = scale.current;
    void flow.setCenter((clientX - left - x) / perUnit, (clientY - top - y) / perUnit, {
      zoom: flow.getZoom(),
      duration: 0,
    });
  };

  return (
    <Panel position="bottom-right">
      <canvas
        ref={map}
        role="img"
        aria-label={t('Overview of the canvas')}
        className={`${classes.map} nopan nowheel`}
        style={SIZE}
        onPointerDown={goTo}
        onPointerMove={goTo}
      />
    </Panel>
  );
}
