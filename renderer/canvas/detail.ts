import { create } from 'zustand';

/** How much of each node is drawn: all, less in larger letters, or a box whose figures are painted over it. */
export type Detail = 'full' | 'far' | 'box';

/** Below this zoom cards say less, in larger letters. */
const FAR_ZOOM = 0.62;
/** Below this zoom even these cannot be read. */
const BOX_ZOOM = 0.3;
/** From so many nodes on, cards give way to boxes as soon as they are far. */
const MANY_NODES = 150;

export const detailAt = (zoom: number, nodes: number): Detail => {
  if (zoom < BOX_ZOOM || (zoom < FAR_ZOOM && nodes > MANY_NODES)) return 'box';
  return zoom < FAR_ZOOM ? 'far' : 'full';
};

/** From here on only the cards in view are drawn. */
export const isMany = (nodes: number): boolean => nodes > MANY_NODES;

export const useDetail = create<{ detail: Detail }>()(() => ({ detail: 'full' }));
