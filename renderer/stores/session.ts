import { create } from 'zustand';
import type { ImportNote } from '../../engine/api/engine.ts';
import type { LogLine } from '../../engine/api/types.ts';
import type { ShownError } from '../engine-client/errors.ts';
import type { FaultScope } from '../faults/scope.ts';
import type { Fragment } from './fragment.ts';
import type { ValuePath } from './value-at.ts';

export type BottomTab =
  | 'traffic'
  | 'experiments'
  | 'sweeps'
  | 'results'
  | 'faults'
  | 'traces'
  | 'runs'
  | 'logs'
  | 'hints'
  | 'requests'
  | 'problems'
  | 'outline';

export type Dialog =
  | { type: 'open' }
  | { type: 'save-as' }
  | { type: 'save-template' }
  | { type: 'imported'; name: string; notes: readonly ImportNote[] }
  | { type: 'discard'; proceed: () => void }
  /** What is to be pasted holds code from elsewhere. */
  | { type: 'paste-code'; fragment: Fragment }
  | { type: 'error'; title: string; error: ShownError };

/** Of the sweep that is shown: its place, or one of those that stand in no document. */
export type SweepPlace = number | 'ab' | 'repeat' | 'batch';

interface SessionState {
  selectedNodes: readonly string[];
  selectedEdges: readonly string[];
  bottomTab: BottomTab;
  bottomOpen: boolean;
  /** Height that somebody gave the panel below; null: as its tab needs. */
  bottomHeightPx: number | null;
  nodeTab: 'settings' | 'live';
  documentTab: 'document' | 'traffic' | 'experiments';
  /** Node whose log is shown; null: all. */
  logNode: string | null;
  /** Record whose log is shown, with the lines that a probe found in it; null: what is live. */
  recordedLog: { record: string; found: readonly LogLine[] } | null;
  /** Scenario that Run sends; null: the first. */
  scenario: string | null;
  dialog: Dialog | null;
  /** Place of the experiment that the timeline shows. */
  experiment: number;
  sweep: SweepPlace;
  /** Where the step stands whose form the inspector shows, below its experiment. */
  selectedStep: ValuePath | null;
  /** What the fault menu over the canvas is for; null: it is closed. */
  faultScope: FaultScope | null;
  /** A node to bring into view; the counter makes asking twice count. */
  reveal: { nodes: readonly string[]; count: number };
}

/** What the person looks at. Not saved, not undoable. */
export const useSession = create<SessionState>()(() => ({
  selectedNodes: [],
  selectedEdges: [],
  bottomTab: 'traffic',
  bottomOpen: true,
  bottomHeightPx: null,
  nodeTab: 'settings',
  documentTab: 'document',
  logNode: null,
  recordedLog: null,
  scenario: null,
  dialog: null,
  faultScope: null,
  experiment: 0,
  sweep: 0,
  selectedStep: null,
  reveal: { nodes: [], count: 0 },
}));

const sameIds = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((id, index) => id === b[index]);

export function select(ids: { nodes?: readonly string[]; edges?: readonly string[] }): void {
  const { nodes = [], edges = [] } = ids;
  const { selectedNodes, selectedEdges } = useSession.getState();
  if (!sameIds(nodes, selectedNodes) || !sameIds(edges, selectedEdges))
    useSession.setState({ selectedNodes: nodes, selectedEdges: edges, selectedStep: null });
  else if (nodes.length + edges.length > 0) useSession.setState({ selectedStep: null });
}

export function revealNodes(nodes: readonly string[]): void {
  useSession.setState(({ reveal }) => ({ reveal: { nodes, count: reveal.count + 1 } }));
}

export const showBottom = (bottomTab: BottomTab): void => useSession.setState({ bottomTab, bottomOpen: true });

/** Shows what a run brings, unless somebody reads the outline: that tells of it too, and the keyboard may stand in it. */
export function offerBottom(tab: BottomTab): void {
  const { bottomOpen, bottomTab } = useSession.getState();
  if (!bottomOpen || bottomTab !== 'outline') showBottom(tab);
}

/** Shows the log of a recorded run: of all nodes, or of one. */
export function showRecordedLog(record: string, found: readonly LogLine[] = [], logNode: string | null = null): void {
  useSession.setState({ recordedLog: { record, found }, logNode });
  showBottom('logs');
}

export const openFaults = (scope: FaultScope): void => useSession.setState({ faultScope: scope });

export const closeFaults = (): void => useSession.setState({ faultScope: null });

export const closeDialog = (): void => useSession.setState({ dialog: null });

export const showError = (title: string, error: ShownError): void =>
  useSession.setState({ dialog: { type: 'error', title, error } });
