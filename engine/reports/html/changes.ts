import { count, milliseconds, percent, seconds } from '../figures.ts';
import { markup } from '../markup.ts';
import { nodeName, type Report } from '../report.ts';
import type { Section } from './page.ts';
import { section, table } from './table.ts';

/** How nodes were scaled and what was deployed, and what users noticed of it. */
export function changes(report: Report): Section | null {
  const { result } = report;
  const scaled = Object.entries(result.scaling).filter(
    ([, { events, unfinished }]) => events.length > 0 || unfinished > 0,
  );
  return section(
    'changes',
    'Scaling and deploys',
    table(
      'Scaling',
      [
        'Node',
        'Changes#',
        'Time to scale, mean#',
        'Longest#',
        'Overloads not carried#',
        'Overshoot#',
        'Flaps#',
        'Calls failed meanwhile#',
      ],
      scaled.map(([node, { events, timeToScaleMs, unfinished, overshoot, flaps, failedCalls }]) => [
        nodeName(report, node),
        count(events.length),
        milliseconds(timeToScaleMs?.mean ?? null),
        milliseconds(timeToScaleMs?.max ?? null),
        count(unfinished),
        overshoot === null ? '–' : count(overshoot),
        count(flaps),
        count(failedCalls),
      ]),
    ),
    table(
      'Each change of the number of replicas',
      ['Node', 'At#', 'From#', 'To#', 'By', 'Took#', 'Calls failed meanwhile#', 'Why'],
      scaled.flatMap(([node, { events }]) =>
        events.map((event) => [
          nodeName(report, node),
          seconds(event.atMs - result.startedAtMs),
          count(event.from),
          count(event.to),
          event.by,
          event.doneAtMs === null ? '–' : milliseconds(event.doneAtMs - event.atMs),
          event.failedCalls === null ? '–' : count(event.failedCalls),
          event.error ?? event.reason,
        ]),
      ),
    ),
    table(
      'Deploys',
      [
        'Node',
        'Version',
        'Strategy',
        'State',
        'Lead time#',
        'Processes started#',
        'stopped#',
        'Requests failed#',
        'Blast radius',
        'How it ended',
      ],
      result.deploys.map((deploy) => [
        nodeName(report, deploy.node),
        `${deploy.from} → ${deploy.version}`,
        deploy.strategy,
        deploy.state,
        deploy.leadTimeMs === null ? '–' : seconds(deploy.leadTimeMs),
        count(deploy.processes.started),
        count(deploy.processes.stopped),
        deploy.impact ? `${count(deploy.impact.failed)} of ${count(deploy.impact.requests)}` : '–',
        deploy.impact
          ? `${deploy.impact.affectedRoutes.length} of ${deploy.impact.routes} routes (${percent(deploy.impact.affectedRoutes.length, deploy.impact.routes)})`
          : '–',
        deploy.error ?? deploy.rollback?.reason ?? deploy.phase,
      ]),
    ),
    result.deploys.length > 0 &&
      markup`<p class="quiet">Build and test of a deploy are modelled: ${result.deploys.map(({ id, pipeline }) => `${id} as ${seconds(pipeline.modelledMs)}, for which it waited ${seconds(pipeline.waitedMs)}`).join('; ')}.</p>`,
  );
}
