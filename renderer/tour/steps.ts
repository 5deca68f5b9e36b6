export interface TourStep {
  title: string;
  text: string;
  /** What of the window it is about. */
  target: string;
}

/** Read in under a minute. */
export const tourSteps: readonly TourStep[] = [
  {
    title: 'Draw',
    text: 'Drag clients, services, databases from here onto the canvas, and connect them by their dots. Or begin with an example.',
    target: '[aria-label="Palette"]',
  },
  {
    title: 'Run',
    text: 'Run starts each card as processes of its own on this computer and sends real requests through the connections. Nothing is simulated.',
    target: 'header button[aria-label="Run"], header',
  },
  {
    title: 'Break',
    text: 'Select a card or a connection and press Ctrl+I (⌘I) for its faults: kill it, slow it, cut it. Each is proven by a measurement, and comes off again.',
    target: 'main[aria-label="Canvas"]',
  },
  {
    title: 'See why',
    text: 'Below stand throughput, latency and the reason of each failure; traces show the way of a request, runs are kept and can be replayed.',
    target: 'section[aria-label="Measurements"] [role="tablist"]',
  },
  {
    title: 'Prove',
    text: 'Hints name what is weak in your drawing. Experiments break it under load and give a measured verdict, or say that nothing can be concluded.',
    target: 'section[aria-label="Measurements"]',
  },
];
