import type { DeployStatus, RunResult } from '../api/types.ts';
import { count, milliseconds, percent, plural, seconds } from './figures.ts';

/** What was scaled and deployed during a run, for people. */
export const changeLines = ({ scaling, deploys }: Pick<RunResult, 'scaling' | 'deploys'>): string[] => [
  ...Object.entries(scaling).flatMap(([node, figures]) => scalingLines(node, figures)),
  ...deploys.flatMap(deployLines),
];

function scalingLines(node: string, figures: RunResult['scaling'][string]): string[] {
  const { events, timeToScaleMs, unfinished, overshoot, flaps, failedCalls } = figures;
  if (events.length === 0 && unfinished === 0) return [];
  const path = events
    .slice(0, 1)
    .map(({ from }) => from)
    .concat(events.map(({ to }) => to))
    .join(' → ');
  const parts = [
    `replicas ${path || 'unchanged'}`,
    timeToScaleMs && `time to scale ${milliseconds(timeToScaleMs.mean)} (longest ${milliseconds(timeToScaleMs.max)})`,
    unfinished > 0 && `${plural(unfinished, 'overload')} not carried by the end`,
    overshoot !== null && overshoot > 0 && `overshoot ${count(overshoot)}`,
    flaps > 0 && plural(flaps, 'flap'),
    `${plural(failedCalls, 'call')} failed meanwhile`,
  ];
  const wake = events.filter(({ by, doneAtMs }) => by === 'wake-up' && doneAtMs !== null);
  if (wake.length > 0)
    parts.push(
      `${plural(wake.length, 'wake-up')}, ${milliseconds(Math.max(...wake.map(({ atMs, doneAtMs }) => Number(doneAtMs) - atMs)))} at most`,
    );
  return [`${node}: ${parts.filter(Boolean).join(', ')}`];
}

function deployLines(deploy: DeployStatus): string[] {
  const { node, from, version, strategy, state, pipeline, leadTimeMs, rollback, impact, error, processes } = deploy;
  const parts = [
    `${strategy}, ${state}`,
    leadTimeMs !== null && `lead time ${seconds(leadTimeMs)}`,
    `build and test of ${plural(pipeline.modules, 'module')} modelled as ${seconds(pipeline.modelledMs)}, waited ${seconds(pipeline.waitedMs)}`,
    `${count(processes.started)} processes started, ${count(processes.stopped)} stopped`,
    rollback?.durationMs != null &&
      `rolled back in ${milliseconds(rollback.durationMs)} (${rollback.by}: ${rollback.reason})`,
    error,
  ];
  const lines = [`${node} ${from} → ${version}: ${parts.filter(Boolean).join('; ')}`];
  if (impact)
    lines.push(
      `${node} ${version}: ${count(impact.failed)} of ${count(impact.requests)} requests failed (${percent(impact.failed, impact.requests)}), blast radius ${impact.affectedRoutes.length} of ${plural(impact.routes, 'route')}${impact.affectedRoutes.length > 0 ? `: ${impact.affectedRoutes.join(', ')}` : ''}`,
    );
  return lines;
}
