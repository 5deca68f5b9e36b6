import { useEffect } from 'react';
import { listenToKeys } from './actions/listen.ts';
import { perform } from './actions/registry.ts';
import { listenToClipboard } from './canvas/clipboard.ts';
import { listenToDrops } from './documents/drops.ts';
import { guardEdits, openFirst, openPath } from './documents/file-actions.ts';
import { keepEdits } from './documents/keep-edits.ts';
import { openSharedByPage } from './documents/receive.ts';
import { loadRecent } from './documents/recent.ts';
import { engine } from './engine-client/client.ts';
import { desktop } from './engine-client/desktop.ts';
import { followEngine } from './engine-client/live.ts';
import { followPhases } from './experiments/use-phase-probes.ts';
import { renewKeptFaults } from './faults/fault-actions.ts';
import { applyEditsLive } from './running/live-apply.ts';
import { prepareWhatMayRun } from './running/prepare.ts';
import { useDocument } from './stores/document.ts';
import { isDirty, useFile } from './stores/file.ts';
import { watchHints } from './stores/hints.ts';
import { watchProblems } from './stores/problems.ts';
import { followSweep } from './sweeps/sweep-actions.ts';

let initialAsked = false;

/** Opens the file that the front door was started with; once, not again after a reconnection. */
function openInitialPath(): void {
  if (initialAsked) return;
  initialAsked = true;
  engine.initialPath
    .query()
    .then(async (path) => {
      // Somebody may have opened something while the engine started.
      if (useFile.getState().path !== null) return;
      // What was drawn meanwhile is not lost without a question.
      if (path === null) await openFirst(null);
      else guardEdits(() => void openFirst(path).catch(() => undefined));
    })
    .catch(() => {
      initialAsked = false;
    });
}

/** Everything that lives as long as the window. */
export function useAppLifetime(): void {
  useEffect(() => {
    const ends: (() => void)[] = [
      watchProblems(),
      watchHints(),
      followEngine(),
      applyEditsLive(),
      prepareWhatMayRun(),
      renewKeptFaults(),
      followPhases(),
      followSweep(),
      listenToKeys(),
      listenToClipboard(),
      listenToDrops(),
      keepEdits(),
      watchTitle(),
    ];
    const endMenu = desktop?.onMenu(perform);
    const endPaths = desktop?.onOpenPath(openPath);
    openInitialPath();
    openSharedByPage();
    loadRecent();
    return () => {
      for (const end of ends) end();
      endMenu?.();
      endPaths?.();
    };
  }, []);
}

/** Title and close question say whether edits are unsaved. */
function watchTitle(): () => void {
  const show = () => {
    const dirty = isDirty();
    document.title = `${dirty ? '• ' : ''}${useDocument.getState().document.name} – Archipel`;
    desktop?.setDirty(dirty);
  };
  // The desktop asks by itself; a tab can only ask the browser to.
  const beforeUnload = (event: BeforeUnloadEvent) => {
    if (isDirty()) event.preventDefault();
  };
  show();
  const ends = [useDocument.subscribe(show), useFile.subscribe(show)];
  if (!desktop) window.addEventListener('beforeunload', beforeUnload);
  return () => {
    for (const end of ends) end();
    window.removeEventListener('beforeunload', beforeUnload);
  };
}
