/** Whether a value is meant as an experiment of Chaos Toolkit, and not as one of Archipel. */
export function isToolkitExperiment(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return 'steady-state-hypothesis' in value || ('description' in value && 'method' in value);
}
