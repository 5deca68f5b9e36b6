import { toArchipelError } from '../model/error.ts';
import type { Journal } from './journal.ts';

interface Undo {
  what: string;
  undo(): Promise<unknown>;
}

/** What was changed and must be put back, the newest first. Each is put back once, whoever asks first. */
export interface TakeBack {
  /** Answers with how to put it back early. */
  add(what: string, undo: () => Promise<unknown>): () => Promise<void>;
  /** Puts everything back, whatever fails; answers with what did. */
  all(): Promise<string[]>;
}

export function createTakeBack(journal: Journal): TakeBack {
  const open: Undo[] = [];
  return {
    add(what, undo) {
      const entry: Undo = { what, undo };
      open.push(entry);
      return async () => {
        const at = open.indexOf(entry);
        if (at === -1) return;
        open.splice(at, 1);
        await undo();
      };
    },
    async all() {
      const problems: string[] = [];
      for (let entry = open.pop(); entry; entry = open.pop()) {
        try {
          await entry.undo();
        } catch (error) {
          const problem = `Could not ${entry.what}: ${toArchipelError(error).message}`;
          problems.push(problem);
          journal.write(problem);
        }
      }
      return problems;
    },
  };
}
