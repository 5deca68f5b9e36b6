import { stat } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import type { z } from 'zod';
import { ArchipelError } from '../../model/error.ts';
import { answersHealthCheck } from '../../process-kit/health-check.ts';
import { linkEnvironment } from '../../process-kit/link-environment.ts';
import type { CommandLaunch, FullLaunchContext, Launcher } from '../../runtime/launch.ts';
import { type commandDefinition, OWN_NODE } from './definition.ts';
import { findProgram } from './find-program.ts';

type CommandConfig = z.output<typeof commandDefinition.config>;

/** A program of the user's. What it needs is looked for at every start, so that what was missing can be mended meanwhile. */
export const launchCommand: Launcher<CommandConfig, CommandLaunch, FullLaunchContext<CommandConfig>> = async (
  context,
) => {
  const { config, environment } = context;
  const port = await context.port();
  const launch: CommandLaunch = {
    type: 'command',
    command: config.command,
    args: config.arguments.map((argument) => argument.replaceAll('{PORT}', String(port))),
    env: {
      ...config.environment,
      // Only our own Node inside the desktop app wants to be told to be a Node.
      ...(config.command === OWN_NODE ? {} : { ELECTRON_RUN_AS_NODE: undefined }),
      ARCHIPEL_NODE_ID: context.nodeId,
      ARCHIPEL_REPLICA: String(context.replica),
      PORT: String(port),
    },
    environmentFor: linkEnvironment,
    cwd: context.directory,
    port,
    stopSignal: config.stopSignal,
    guardianSignal: 'SIGKILL',
    readyWithinMs: config.readyWithinMs,
    stopWithinMs: config.stopWithinMs,
    dropsRequests: true,
    advice: `It must listen on 127.0.0.1 at the port in the variable PORT (here ${port}) and answer GET ${config.healthPath} with a status below 400`,
    async prepare() {
      launch.cwd = await workingDirectory(config.workingDirectory, context);
      launch.command =
        config.command === OWN_NODE
          ? environment.nodeBinary
          : findProgram([config.command, ...config.alternatives], { directory: launch.cwd, env: environment.env });
    },
    healthy: (timeoutMs) => answersHealthCheck(port, config.healthPath, timeoutMs),
    setUp: async () => {},
  };
  return launch;
};

async function workingDirectory(
  wanted: string,
  { documentDirectory, directory }: { documentDirectory: string | null; directory: string },
): Promise<string> {
  if (documentDirectory === null && wanted !== '' && !isAbsolute(wanted))
    throw new ArchipelError(
      'start-failed',
      `the working directory "${wanted}" is relative to the document, which is in no file yet`,
      'Save the document, or give the full path.',
    );
  const found = resolve(documentDirectory ?? directory, wanted);
  const isDirectory = await stat(found).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  if (isDirectory) return found;
  throw new ArchipelError(
    'start-failed',
    `there is no directory ${found}`,
    'Name another working directory in the node.',
  );
}
