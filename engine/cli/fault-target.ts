import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { ArchipelError } from '../model/error.ts';
import type { FaultTarget, Selector } from '../model/fault.ts';

export interface TargetOptions {
  node?: string;
  replica?: number;
  edge?: string[];
  group?: string;
  everything?: boolean;
  select?: Selector;
}

/** Options that say where a fault acts; `faultTarget` reads them. */
export const addTargetOptions = (command: Command): Command =>
  command
    .option('--node <id>', 'a process of this node')
    .option('--replica <number>', 'which of its replicas (default: 0)', parseReplica)
    .option('--edge <id...>', 'this edge, or these')
    .option('--group <id>', 'a host or zone')
    .option('--everything', 'all that runs')
    .option('--select <which>', 'of several members: one, all, a number, or a share such as 50%', parseSelector);

function parseReplica(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('A replica is a number from 0.');
  return Number(text);
}

function parseSelector(text: string): Selector {
  if (text === 'one' || text === 'all') return text;
  const [, amount, percent] = /^(\d{1,4})(%?)$/.exec(text) ?? [];
  const value = Number(amount);
  if (amount === undefined || value < 1 || (percent && value > 100))
    throw new InvalidArgumentError('Say "one", "all", a number from 1, or a share from 1% to 100%.');
  return percent ? { percent: value } : { fixed: value };
}

export function faultTarget({ node, replica, edge, group, everything, select }: TargetOptions): FaultTarget {
  const named = [node, edge, group, everything].filter((option) => option !== undefined).length;
  if (named !== 1 || (replica !== undefined && (node === undefined || select !== undefined)))
    throw new ArchipelError(
      'not-found',
      named === 0
        ? 'It is not said where the fault acts.'
        : named > 1
          ? 'Several places are named where the fault acts.'
          : 'A replica belongs to a node, and is not selected among others.',
      'Name one of --node, --edge, --group or --everything.',
    );
  const selected = select === undefined ? {} : { select };
  if (node !== undefined) return { node, replica: replica ?? 0, ...selected };
  if (group !== undefined) return { group, ...selected };
  if (edge === undefined) return { topology: true, ...selected };
  const [only] = edge;
  return edge.length === 1 && only !== undefined && select === undefined
    ? { edge: only }
    : { edges: edge, ...selected };
}
