import { type Key, key } from '../i18n/t.ts';

export interface TourStep {
  title: Key;
  text: Key;
  /** What of the window it is about. */
  target: string;
}

/** Read in under a minute. */
export const tourSteps: readonly TourStep[] = [
  {
    title: key('Draw'),
    text: key(
      'Drag clients, services, databases from here onto the canvas, and connect them by their dots. Or begin with an example.',
    ),
    target: '[data-region="palette"]',
  },
  {
    title: key('Run'),
    text: key(
      'Run starts each card as processes of its own on this computer and sends real requests through the connections. Nothing is simulated.',
    ),
    target: 'header [data-part="run"], header',
  },
  {
    title: key('Break'),
    text: key(
      'Select a card or a connection and press Ctrl+I (⌘I) for its faults: kill it, slow it, cut it. Each is proven by a measurement, and comes off again.',
    ),
    target: '[data-region="canvas"]',
  },
  {
    title: key('See why'),
    text: key(
      'Below stand throughput, latency and the reason of each failure; traces show the way of a request, runs are kept and can be replayed.',
    ),
    target: '[data-region="measurements"] [role="tablist"]',
  },
  {
    title: key('Prove'),
    text: key(
      'Hints name what is weak in your drawing. Experiments break it under load and give a measured verdict, or say that nothing can be concluded.',
    ),
    target: '[data-region="measurements"]',
  },
];
