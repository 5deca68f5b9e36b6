/** One replica as the autoscaler sees it. */
export interface ReplicaSample {
  /** `unready`: it starts, or is within its warm-up. `missing`: it should tell its load and does not. */
  state: 'ready' | 'unready' | 'missing';
  /** Its share of the metric; only of a ready one. */
  value: number;
}

export interface Recommendation {
  replicas: number;
  /** Mean over the ready replicas; null when there is none. */
  measured: number | null;
  /** The metric is so near to its target that nothing is to be done. */
  withinTolerance: boolean;
}

/**
 * How many replicas the metric asks for: ⌈replicas × measured ÷ target⌉, with the cautions of Kubernetes'
 * HorizontalPodAutoscaler. Replicas that are not ready, or tell nothing, are assumed to be what makes the change smaller:
 * idle when replicas are to be added, at the target when some are to go; and a change that this turns round is dropped.
 *
 * Kubernetes documentation, "Horizontal Pod Autoscaling", section "Algorithm details", and
 * pkg/controller/podautoscaler/replica_calculator.go (GetResourceReplicas, calcPlainMetricReplicas), release 1.33.
 */
export function recommend({
  current,
  samples,
  target,
  tolerance,
}: {
  current: number;
  samples: readonly ReplicaSample[];
  target: number;
  tolerance: number;
}): Recommendation {
  const ready = samples.filter(({ state }) => state === 'ready');
  const unready = samples.filter(({ state }) => state === 'unready').length;
  const missing = samples.filter(({ state }) => state === 'missing').length;
  const total = ready.reduce((sum, { value }) => sum + value, 0);
  if (ready.length === 0) return { replicas: current, measured: null, withinTolerance: false };

  const measured = total / ready.length;
  const ratio = measured / target;
  const near = (value: number): boolean => Math.abs(value - 1) <= tolerance + Number.EPSILON;
  const stay = (withinTolerance: boolean): Recommendation => ({ replicas: current, measured, withinTolerance });

  const addsDespiteUnready = unready > 0 && ratio > 1;
  if (!addsDespiteUnready && missing === 0) {
    if (near(ratio)) return stay(true);
    return { replicas: ceiling(ratio * ready.length), measured, withinTolerance: false };
  }

  const assumed = ratio < 1 ? missing * target : 0;
  const counted = ready.length + missing + (addsDespiteUnready ? unready : 0);
  const careful = (total + assumed) / (counted * target);
  const turned = (ratio < 1 && careful > 1) || (ratio > 1 && careful < 1);
  if (near(careful) || turned) return stay(near(careful));
  const replicas = ceiling(careful * counted);
  if ((careful < 1 && replicas > current) || (careful > 1 && replicas < current)) return stay(false);
  return { replicas, measured, withinTolerance: false };
}

/** A product such as 1.1 × 10 must not become 12 for the last bit of its fraction. */
const ceiling = (value: number): number => Math.max(0, Math.ceil(value - 1e-9));
