import {
  IconArrowsSplit2,
  IconClock,
  IconClockStop,
  IconGauge,
  IconLifebuoy,
  IconPlugConnectedX,
  IconRefresh,
  IconWall,
  type Icon as TablerIcon,
} from '@tabler/icons-react';
import { memo } from 'react';
import type { ArchipelEdge } from '../../engine/model/document.ts';
import { useT } from '../i18n/t.ts';
import classes from './EdgeLine.module.css';
import { type PolicyGlyph, policyGlyphs } from './policy-glyphs.ts';

const icons: Record<PolicyGlyph['policy'], TablerIcon> = {
  timeout: IconClock,
  deadline: IconClockStop,
  retries: IconRefresh,
  hedging: IconArrowsSplit2,
  breaker: IconPlugConnectedX,
  bulkhead: IconWall,
  limiter: IconGauge,
  fallback: IconLifebuoy,
};

/** The policies of an edge at a glance, each with its figures as tooltip. */
export const PolicyGlyphs = memo(function PolicyGlyphs({ config }: { config: ArchipelEdge['config'] }) {
  useT();
  const glyphs = policyGlyphs(config);
  return (
    <span className={classes.policies} title={glyphs.map(({ text }) => text).join('\n')}>
      {glyphs.map(({ policy, text }) => {
        const Icon = icons[policy];
        return <Icon key={policy} size={11} stroke={2} role="img" aria-label={text} data-policy={policy} />;
      })}
    </span>
  );
});
