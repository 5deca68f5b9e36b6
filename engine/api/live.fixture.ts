import { randomUUID } from 'node:crypto';
import type { ArchipelDocument } from '../model/document.ts';
import type { ProcessFrame } from '../process-kit/protocol.ts';
import { makeTopologyDirectory } from '../runtime/directory.ts';
import { createEnvironment } from '../runtime/environment.ts';
import { createGroundKeeper } from './ground.ts';
import { createLiveTopology, type LiveTopology } from './live-topology.ts';

/** Runs `work` on a topology that is up, and takes everything down again. What an engine adds is not there. */
export async function withLiveTopology<Result>(
  document: ArchipelDocument,
  onFrame: (nodeId: string, frame: ProcessFrame) => void,
  work: (live: LiveTopology) => Promise<Result>,
): Promise<Result> {
  const environment = createEnvironment(randomUUID());
  const keeper = createGroundKeeper(environment, () => {});
  try {
    const ground = await keeper.ground();
    const live = createLiveTopology(document, {
      ...ground,
      directory: await makeTopologyDirectory(ground.directory),
      environment,
      onChange() {},
      onLines() {},
      traceRatio: () => null,
      onFrame,
      onProcessGone() {},
    });
    try {
      await live.topology.start();
      return await work(live);
    } finally {
      await live.stop();
    }
  } finally {
    await keeper.clear();
  }
}
