import { useShallow } from 'zustand/react/shallow';
import { useDisplay } from '../display/display.ts';
import { useShownText } from '../display/use-shown.ts';
import { formatCount, formatRate } from '../ui/format.ts';
import { ReasonBadge } from '../ui/ReasonBadge.tsx';
import classes from './FailureBadges.module.css';
import { failuresAt } from './readings.ts';

const MOST = 3;

/** Why requests failed at an edge or a node lately, the most frequent reasons first. */
export function FailureBadges({ hop }: { hop: string }) {
  const reasons = useDisplay(
    useShallow(() =>
      failuresAt(hop)
        .slice(0, MOST)
        .map(({ reason }) => reason),
    ),
  );
  if (reasons.length === 0) return null;
  return (
    <span className={classes.badges} data-metric="failure-reasons">
      {reasons.map((reason) => (
        <Badge key={reason} hop={hop} reason={reason} />
      ))}
    </span>
  );
}

function Badge({ hop, reason }: { hop: string; reason: string }) {
  const count = useShownText(() => amount(failuresAt(hop).find((failure) => failure.reason === reason)?.count ?? 0));
  return (
    <ReasonBadge reason={reason} hop={hop}>
      <b ref={count} />
    </ReasonBadge>
  );
}

const amount = (count: number): string => (count < 1000 ? formatCount(count) : formatRate(count));
