type Point = { x: number; y: number };

/** What the canvas can be asked for by parts of the window that do not draw it. */
interface Viewport {
  /** The document's point in the middle of what is seen. */
  middle(): Point;
  /** Brings these into view; without any, everything. */
  fit(ids?: readonly string[]): void;
  zoom(direction: 'in' | 'out'): void;
  /** The document's point under a point of the screen. */
  toDocument(screen: Point): Point;
  /** Pixels of the screen for one of the document. */
  scale(): number;
  /** Sizes of the cards as they are drawn, by their keys. */
  sizes(): ReadonlyMap<string, { width: number; height: number }>;
  /** Gives a card, or the canvas, the keyboard. */
  focus(id: string | null): void;
}

let viewport: Viewport = {
  middle: () => ({ x: 0, y: 0 }),
  fit: () => {},
  zoom: () => {},
  toDocument: (screen) => screen,
  scale: () => 1,
  sizes: () => new Map(),
  focus: () => {},
};

/** Called by the canvas once it is there. */
export const answerViewport = (answers: Viewport): void => {
  viewport = answers;
};

export const canvasViewport = (): Viewport => viewport;
