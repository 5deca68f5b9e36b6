import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { availableParallelism, freemem, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { whyNoDisplay } from '../browser.ts';
import { mebibytes } from '../figures.ts';
import { electronProgram, interfaceDirectory } from '../installation.ts';
import { findDatabase } from './database.ts';
import type { Finding } from './finding.ts';

const MIN_NODE = 22;
const MIN_FREE_BYTES = 512 * 1024 * 1024;

async function node(): Promise<Finding> {
  const major = Number.parseInt(process.versions.node, 10);
  const text = `${process.versions.node} at ${process.execPath}`;
  if (major >= MIN_NODE) return { subject: 'Node', state: 'good', text };
  return {
    subject: 'Node',
    state: 'bad',
    text,
    nextStep: `Use Node ${MIN_NODE} or newer: "npm ci" brings one, and "npx archipel" runs on it.`,
  };
}

async function machine(): Promise<Finding> {
  const text = `${availableParallelism()} cores, ${mebibytes(totalmem())} of memory, ${mebibytes(freemem())} free, ${process.platform} ${process.arch}`;
  if (availableParallelism() < 2)
    return {
      subject: 'Machine',
      state: 'limited',
      text,
      nextStep: 'With one core, traffic and nodes disturb each other: trust relations, not absolute figures.',
    };
  if (freemem() < MIN_FREE_BYTES)
    return { subject: 'Machine', state: 'limited', text, nextStep: 'Close other programs before you measure.' };
  return { subject: 'Machine', state: 'good', text };
}

async function ports(): Promise<Finding> {
  const subject = 'Loopback';
  const server = createServer();
  try {
    const port = await new Promise<number>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
    return { subject, state: 'good', text: `ports on 127.0.0.1 can be opened (tried ${port})` };
  } catch (error) {
    return {
      subject,
      state: 'bad',
      text: `no port on 127.0.0.1 can be opened: ${(error as Error).message}`,
      nextStep: 'Allow this user to listen on the loopback interface.',
    };
  } finally {
    server.close();
  }
}

async function temporaryDirectory(): Promise<Finding> {
  const subject = 'Temporary files';
  try {
    const directory = await mkdtemp(join(tmpdir(), 'archipel-doctor-'));
    try {
      await writeFile(join(directory, 'probe'), 'x');
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
    return { subject, state: 'good', text: `${tmpdir()} can be written` };
  } catch (error) {
    return {
      subject,
      state: 'bad',
      text: `${tmpdir()} cannot be written: ${(error as Error).message}`,
      nextStep: 'Make room, or name another directory in TMPDIR (Windows: TEMP).',
    };
  }
}

async function builtInterface(): Promise<Finding> {
  const directory = interfaceDirectory();
  if (directory) return { subject: 'Interface', state: 'good', text: `built in ${directory}` };
  return {
    subject: 'Interface',
    state: 'limited',
    text: 'not built; "run" and "experiment" work without it',
    nextStep: 'Run "npm run build".',
  };
}

async function desktopWindow(): Promise<Finding> {
  const subject = 'Desktop window';
  const { path, found } = electronProgram();
  const noDisplay = whyNoDisplay();
  if (found && !noDisplay) return { subject, state: 'good', text: path };
  if (!found)
    return {
      subject,
      state: 'limited',
      text: `no Electron at ${path}`,
      nextStep: 'Run "npm start" once, which downloads it, or use "archipel web".',
    };
  return {
    subject,
    state: 'limited',
    text: noDisplay ?? '',
    nextStep: 'Use "archipel web --no-open" and open its URL where there is a browser on this machine.',
  };
}

/** What is looked at, in order; each looks anew and changes nothing. */
export const findings: readonly (() => Promise<Finding>)[] = [
  node,
  machine,
  ports,
  temporaryDirectory,
  findDatabase,
  builtInterface,
  desktopWindow,
];
