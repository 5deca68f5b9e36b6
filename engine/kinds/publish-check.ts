import type { DocumentError, KindCheckContext } from '../model/definition.ts';
import type { PublishStep } from '../model/handler.ts';
import { checkDestination } from './destination-check.ts';

/** The destination exists, and understands what the message asks for. */
export function checkPublishStep(step: PublishStep, at: string, { outgoing }: KindCheckContext): DocumentError[] {
  const { destinations = null } = outgoing.find(({ edge }) => edge.id === step.edge) ?? {};
  const { found, errors } = checkDestination(step.to, `${at}.to`, destinations);
  if (!found) return errors;
  const asked = [
    ['priority', 'priority', step.priority !== null],
    ['delay', 'delayMs', step.delayMs > 0],
    ['routing', 'routingKey', step.routingKey !== null],
    ['routing', 'headers', step.headers.length > 0],
  ] as const;
  for (const [option, field, isAsked] of asked)
    if (isAsked && !found.takes.includes(option))
      errors.push({
        path: `${at}.${field}`,
        message: `"${found.name}" knows no ${option}`,
        nextStep:
          option === 'routing'
            ? 'Leave it out, or publish to an exchange.'
            : 'Leave it out, or publish to a queue that does.',
      });
  return errors;
}
