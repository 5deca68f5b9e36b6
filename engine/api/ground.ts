import { makeEngineDirectory, removeDirectory } from '../runtime/directory.ts';
import type { Environment } from '../runtime/environment.ts';
import { type Guardian, startGuardian } from '../runtime/guardian/guardian.ts';
import { type Links, startLinks } from '../runtime/links/links.ts';
import { createWarmPool, type WarmPool } from '../runtime/warm-pool.ts';

/** What every topology of an engine stands on, one after the other. */
export interface Ground {
  guardian: Guardian;
  directory: string;
  links: Links;
  /** Idle processes that become replicas. */
  warmPool: WarmPool;
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
    const warmPool = createWarmPool({
      environment,
      onSpawn: (pid) => guardian.watch(pid),
      onGone: (pid) => guardian.release(pid),
    });
    return { guardian, directory, warmPool };
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
      const laid = await base;
      links ??= forgetFailure(link(laid.guardian), () => {
        links = null;
      });
      return { ...laid, links: await links };
    },
    async clear() {
      const laid = await base?.catch(() => null);
      const linked = await links?.catch(() => null);
      base = null;
      links = null;
      if (!laid) return;
      await laid.warmPool.stop();
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
