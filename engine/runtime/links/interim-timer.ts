export function schedule(atMs: number, run: () => void): () => void {
  const timer = setTimeout(run, Math.max(0, atMs - performance.now()));
  return () => clearTimeout(timer);
}
