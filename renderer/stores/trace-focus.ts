import { create } from 'zustand';
import type { TraceFilter } from '../../engine/api/types.ts';
import { showBottom } from './session.ts';

/** The way of a trace through the canvas, and where it failed. */
export interface LitPath {
  nodes: readonly string[];
  edges: readonly string[];
  /** Edge or node where the failure began; null when it went well. */
  hop: string | null;
}

interface TraceFocus {
  filter: TraceFilter;
  /** Id of the trace that is shown. */
  chosen: string | null;
  /** Takes the newest trace of the list as soon as there is one. */
  chooseNewest: boolean;
  lit: LitPath | null;
}

/** Which traces are listed, which one is looked at, and its path on the canvas. */
export const useTraceFocus = create<TraceFocus>()(() => ({ filter: {}, chosen: null, chooseNewest: false, lit: null }));

/** The traces of requests that failed for this reason at this edge or node, the newest of them opened. */
export function showFailures(reason: string, hop?: string): void {
  useTraceFocus.setState({
    filter: { failed: true, reason, ...(hop !== undefined && { hop }) },
    chosen: null,
    chooseNewest: true,
    lit: null,
  });
  showBottom('traces');
}

export const chooseTrace = (chosen: string | null): void =>
  useTraceFocus.setState({ chosen, chooseNewest: false, ...(chosen === null && { lit: null }) });
