import { z } from 'zod';
import type { CausedCall } from '../../model/caused-calls.ts';
import { triggerStepSchema } from '../../model/handler.ts';
import { messageProtocols } from '../../model/message-protocols.ts';
import { defineKind } from '../define-kind.ts';
import { callingProgram } from '../fault-lists.ts';
import { checkSchedules } from './check.ts';

const scheduleSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,80}$/, 'must be of letters, digits, "_" and "-"')
    .meta({ title: 'Name', description: 'Of this schedule, in logs and traces.' }),
  expression: z.string().trim().min(1).max(200).meta({
    title: 'When',
    description:
      'rate(5 seconds), counted from the start; cron as in crontab, "*/5 * * * *", with seconds before it where there are six fields; or cron(0 12 ? * MON *) as in EventBridge.',
  }),
  timezone: z.string().trim().min(1).max(80).default('UTC').meta({
    title: 'Time zone',
    description: 'Of cron expressions, such as Europe/Paris.',
  }),
  overlap: z.enum(['allow', 'skip']).default('allow').meta({
    title: 'When the one before still runs',
    description: 'Allow: both run. Skip: this one does not, and is counted as skipped.',
  }),
  graceMs: z.number().int().min(0).max(86_400_000).default(1000).meta({
    title: 'Grace',
    description: 'A time that is noticed later than this is missed: it is counted, and nothing is fired for it.',
  }),
  timeoutMs: z.number().int().min(1).max(3_600_000).default(30_000).meta({
    title: 'Timeout',
    description: 'What is fired fails when it takes longer.',
  }),
  enabled: z.boolean().default(true).meta({ title: 'Enabled', description: 'Off: it fires nothing.' }),
  steps: z.array(triggerStepSchema).min(1).max(20).meta({
    title: 'Steps',
    description:
      'What is done each time, in order: calls of functions and services, messages to brokers. {name} and {due} stand for the schedule and its time.',
  }),
});

export const schedulerDefinition = defineKind({
  kind: 'scheduler',
  title: 'Scheduler',
  help: 'Triggers functions, services and brokers at set times, by cron and rate expressions. Each time is fired, missed or skipped, and counted.',
  family: 'traffic',
  config: z.strictObject({
    schedules: z.array(scheduleSchema).max(100).default([]).meta({
      title: 'Schedules',
      description: 'What is triggered, and when.',
    }),
  }),
  defaults: {},
  accepts: null,
  calls: ['http', ...messageProtocols],
  applyConfig: 'live',
  faults: callingProgram,
  measures: [
    {
      id: 'fired',
      title: 'Fired',
      help: 'Times at which the steps of a schedule were begun.',
      unit: 'count',
      source: { type: 'total', counter: 'fired' },
      onCard: true,
    },
    {
      id: 'missed',
      title: 'Missed',
      help: 'Times that were noticed too late, as after a pause or a jump of the clock.',
      unit: 'count',
      source: { type: 'total', counter: 'missed' },
      onCard: true,
    },
    {
      id: 'skipped',
      title: 'Skipped',
      help: 'Times at which the one before still ran, of schedules that do not overlap.',
      unit: 'count',
      source: { type: 'total', counter: 'skipped' },
    },
    {
      id: 'failed',
      title: 'Failed',
      help: 'Fired ones of which a step failed.',
      unit: 'count',
      source: { type: 'total', counter: 'failed' },
      onCard: true,
    },
    {
      id: 'inHand',
      title: 'Under way',
      help: 'Fired ones that are not done yet.',
      unit: 'count',
      source: { type: 'gauge', gauge: 'inHand', over: 'sum' },
    },
    {
      id: 'lateP99Ms',
      title: 'Lateness p99',
      help: '99 of 100 were fired so long after their time, or sooner.',
      unit: 'ms',
      source: { type: 'percentile', histogram: 'late', percentile: 99 },
    },
  ],
  balances: [
    {
      title: 'times due',
      begun: 'due',
      ended: [
        { counter: 'fired', title: 'fired' },
        { counter: 'missed', title: 'missed' },
        { counter: 'skipped', title: 'skipped' },
      ],
      open: 'undecided',
    },
    {
      title: 'fired',
      begun: 'fired',
      ended: [
        { counter: 'succeeded', title: 'succeeded' },
        { counter: 'failed', title: 'failed' },
      ],
      open: 'inHand',
    },
  ],
  fidelity: {
    real: ['times by the clock of its process, which a fault may skew', 'calls and messages, over its edges'],
    modelled: ['one process keeps the schedules: what is due while it is away is not made up for'],
  },
  causes: ({ schedules }): CausedCall[] =>
    schedules.flatMap(({ steps }, index) =>
      steps.flatMap((step, place) =>
        step.do === 'call'
          ? [{ edge: step.edge, method: step.method, path: step.path, at: `schedules[${index}].steps[${place}]` }]
          : [],
      ),
    ),
  check: checkSchedules,
});
