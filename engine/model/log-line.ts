/** What a process wrote, or what the engine notes of it. */
export interface LogLine {
  atMs: number;
  nodeId: string;
  replica: number;
  stream: 'stdout' | 'stderr' | 'engine';
  text: string;
}
