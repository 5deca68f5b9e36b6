import { makeEngineDirectory, removeDirectory } from '../runtime/directory.ts';
import type { Environment } from '../runtime/environment.ts';
import { type Guardian, startGuardian } from '../runtime/guardian/guardian.ts';
import { type Links, startLinks } from '../runtime/links/links.ts';

/** What every topology of an engine stands on, one after the other. */
export interface Ground {
  guardian: Guardian;
  directory: string;
  links: Links;
}

export interface GroundKeeper {
  /** The ground, laid at the first call, and again as far as it was lost. */
  ground(): Promise<Ground>;
  clear(): Promise<void>;
}

/** `onLinksLost`: the link process has ended by itself, and no edge carries anything until there is another. */
export function createGroundKeeper(environment: Environment, onLinksLost: (reason: string) => void): GroundKeeper {
  let base: Promise<Omit<Ground, 'links'>> | null = null;
  let links: Promise<Links> | null = null;

  const lay = async (): Promise<Omit<Ground, 'links'>> => {
    const guardian = await startGuardian(environment);
    const directory = await makeEngineDirectory();
    guardian.watchDirectory(directory);
    return { guardian, directory };
  };

  const link = async (guardian: Guardian): Promise<Links> => {
    const started: Links = await startLinks({
      nodeBinary: environment.nodeBinary,
      env: environment.env,
      bundleFile: environment.bundleFile('link.cjs'),
      onSpawn: (pid) => guardian.watch(pid),
      onExit(reason) {
        guardian.release(started.pid);
        links = null;
        onLinksLost(reason);
      },
    });
    return started;
  };

  /** What failed is tried again at the next call. */
  const forgetFailure = <T>(promise: Promise<T>, forget: () => void): Promise<T> => {
    promise.catch(forget);
    return promise;
  };

  return {
    async ground() {
      base ??= forgetFailure(lay(), () => {
        base = null;
      });
      const { guardian, directory } = await base;
      links ??= forgetFailure(link(guardian), () => {
        links = null;
      });
      return { guardian, directory, links: await links };
    },
    async clear() {
      const laid = await base?.catch(() => null);
      const linked = await links?.catch(() => null);
      base = null;
      links = null;
      if (!laid) return;
      if (linked) {
        await linked.stop();
        laid.guardian.release(linked.pid);
      }
      await removeDirectory(laid.directory);
      laid.guardian.releaseDirectory(laid.directory);
      await laid.guardian.stop();
    },
  };
}
