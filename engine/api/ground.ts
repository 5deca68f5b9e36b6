import { makeEngineDirectory, removeEngineDirectory } from '../runtime/directory.ts';
import type { Environment } from '../runtime/environment.ts';
import { type Guardian, startGuardian } from '../runtime/guardian/guardian.ts';

/** What the first topology of an engine needs and later ones share. An engine that only validates never lays it. */
export interface Ground {
  guardian: Guardian;
  directory: string;
}

export function createGround(environment: Environment): { lay(): Promise<Ground>; clear(): Promise<void> } {
  let laid: Promise<Ground> | null = null;
  return {
    lay() {
      laid ??= (async () => {
        const guardian = await startGuardian(environment);
        const directory = await makeEngineDirectory();
        guardian.watchDirectory(directory);
        return { guardian, directory };
      })();
      laid.catch(() => {
        laid = null;
      });
      return laid;
    },
    async clear() {
      const ground = await laid?.catch(() => null);
      laid = null;
      if (!ground) return;
      await removeEngineDirectory(ground.directory);
      ground.guardian.releaseDirectory(ground.directory);
      await ground.guardian.stop();
    },
  };
}
