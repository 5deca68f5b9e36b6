/** The worst of each broker since it was last forgotten. */
export interface BrokerPeaks {
  take(broker: string, open: number, rssBytes: number): void;
  of(broker: string): { mostOpen: number; peakRssBytes: number };
  restart(): void;
}

export function createBrokerPeaks(): BrokerPeaks {
  const worst = new Map<string, { mostOpen: number; peakRssBytes: number }>();
  const of = (broker: string): { mostOpen: number; peakRssBytes: number } =>
    worst.get(broker) ?? { mostOpen: 0, peakRssBytes: 0 };
  return {
    take(broker, open, rssBytes) {
      const { mostOpen, peakRssBytes } = of(broker);
      worst.set(broker, { mostOpen: Math.max(mostOpen, open), peakRssBytes: Math.max(peakRssBytes, rssBytes) });
    },
    of,
    restart: () => worst.clear(),
  };
}
