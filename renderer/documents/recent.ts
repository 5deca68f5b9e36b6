import { create } from 'zustand';
import type { RecentFile } from '../../engine/api/engine.ts';
import { engine } from '../engine-client/client.ts';
import { desktop } from '../engine-client/desktop.ts';

/** Files that were opened or saved last, the newest first. */
export const useRecent = create<{ files: readonly RecentFile[] }>()(() => ({ files: [] }));

export function loadRecent(): void {
  engine.documents.recent.query().then(
    (files) => {
      useRecent.setState({ files });
      desktop?.setRecent(files.map(({ path, name, missing }) => ({ path, name, missing })));
    },
    () => undefined,
  );
}

/** Takes one off the list, or all where none is given. */
export function forgetRecent(path: string | null = null): void {
  engine.documents.forgetRecent.mutate({ path }).then(loadRecent, () => undefined);
}

/** Remembers a file. That it cannot be is no reason to say so: the file is open all the same. */
export function rememberFile(path: string, name: string): void {
  engine.documents.addRecent.mutate({ path, name: name.slice(0, 200) }).then(loadRecent, () => undefined);
}
