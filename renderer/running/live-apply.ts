import { create } from 'zustand';
import type { ArchipelDocument } from '../../engine/model/document.ts';
import { vouchForEdits } from '../documents/trust-actions.ts';
import { engine } from '../engine-client/client.ts';
import { type ShownError, shownError } from '../engine-client/errors.ts';
import { useDocument } from '../stores/document.ts';
import { problemsOf } from '../stores/problems.ts';
import { frameNow, runningSweep, useRun } from '../stores/run.ts';

const DELAY_MS = 400;

type ApplyState =
  | { type: 'applied' }
  | { type: 'waiting' }
  | { type: 'applying' }
  | { type: 'invalid'; problems: number }
  | { type: 'failed'; error: ShownError };

/** Whether what runs is what is on the canvas. */
export const useApply = create<{ state: ApplyState }>()(() => ({ state: { type: 'applied' } }));

let applied: string | null = null;

/** What of a document decides what runs; moving a card does not. */
export const runningPart = ({ nodes, edges, groups }: Pick<ArchipelDocument, 'nodes' | 'edges' | 'groups'>): string =>
  JSON.stringify([
    nodes.map(({ id, kind, config, group }) => [id, kind, config, group]),
    edges,
    groups.map(({ id, parent, budget }) => [id, parent, budget]),
  ]);

/** The engine runs this document now. */
export function markApplied(document: ArchipelDocument): void {
  applied = runningPart(document);
  useApply.setState({ state: { type: 'applied' } });
}

async function applyNow(): Promise<void> {
  const { document } = useDocument.getState();
  const part = runningPart(document);
  if (frameNow()?.topology !== 'running' || useRun.getState().busy || part === applied) {
    if (part === applied) useApply.setState({ state: { type: 'applied' } });
    return;
  }
  const problems = problemsOf(document).length;
  if (problems > 0) return useApply.setState({ state: { type: 'invalid', problems } });
  useApply.setState({ state: { type: 'applying' } });
  try {
    await vouchForEdits(document);
    await engine.topology.update.mutate({ document });
    markApplied(document);
  } catch (error) {
    useApply.setState({ state: { type: 'failed', error: shownError(error) } });
  }
}

/** Brings edits to the running topology shortly after the last one. Returns how to stop. */
export function applyEditsLive(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> = Promise.resolve();
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      // One at a time: the one after sees all edits that came in between.
      running = running.then(applyNow);
    }, DELAY_MS);
  };
  const unsubscribeDocument = useDocument.subscribe(({ document }, before) => {
    // A sweep runs the document as it was when it began.
    const frame = frameNow();
    if (frame?.topology !== 'running' || runningSweep(frame)) return;
    if (runningPart(document) === runningPart(before.document)) return;
    useApply.setState({ state: { type: 'waiting' } });
    later();
  });
  const unsubscribeRun = useRun.subscribe(({ frame, busy }, before) => {
    // Edits made while the topology started go out once it runs; a stopped one takes them at its next start.
    if (frame?.topology === 'running' && before.busy === 'starting' && busy === null) later();
    if (frame?.topology !== before.frame?.topology && frame?.topology !== 'running')
      useApply.setState({ state: { type: 'applied' } });
  });
  return () => {
    clearTimeout(timer);
    unsubscribeDocument();
    unsubscribeRun();
  };
}
