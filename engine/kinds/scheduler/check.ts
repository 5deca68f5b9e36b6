import type { DocumentError, KindCheckContext } from '../../model/definition.ts';
import type { Step } from '../../model/handler.ts';
import { parseTimetable } from '../../model/timetable.ts';
import { checkStepsOf } from '../steps-check.ts';

interface Checked {
  schedules: readonly { name: string; expression: string; timezone: string; steps: Step[] }[];
}

/** What the schema cannot say: whether expressions are some, and names are told apart. */
export const checkSchedules = ({ config }: { config: Checked }, context: KindCheckContext): DocumentError[] => {
  const names = new Set<string>();
  return config.schedules.flatMap(({ name, expression, timezone, steps }, index) => {
    const path = `schedules[${index}]`;
    const isTaken = names.has(name);
    names.add(name);
    return [
      ...(isTaken
        ? [
            {
              path: `${path}.name`,
              message: `there is a schedule "${name}" already`,
              nextStep: 'Give it another name.',
            },
          ]
        : []),
      ...checkExpression(expression, timezone, path),
      ...checkStepsOf(steps, `${path}.steps`, context),
    ];
  });
};

function checkExpression(expression: string, timezone: string, path: string): DocumentError[] {
  try {
    if (parseTimetable(expression, timezone, Date.now()).next(Date.now()) !== null) return [];
    return [
      {
        path: `${path}.expression`,
        message: `"${expression}" is never due`,
        nextStep: 'Write a time that comes, or disable the schedule.',
      },
    ];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const isZone = message.includes('is no time zone');
    return [
      {
        path: `${path}.${isZone ? 'timezone' : 'expression'}`,
        message,
        nextStep: isZone
          ? 'Name one of the IANA time zones, or UTC.'
          : 'Write rate(5 seconds), "*/5 * * * *", or cron(0 12 ? * MON *).',
      },
    ];
  }
}
