import { Button } from '@mantine/core';
import { IconWalk } from '@tabler/icons-react';
import { useT } from '../i18n/t.ts';
import { goTo, useTour } from './tour-state.ts';

/** Begins the tour; stands out until it was taken or ended once. */
export function TourButton() {
  const t = useT();
  const isKnown = useTour((state) => state.isKnown);
  return (
    <Button variant={isKnown ? 'subtle' : 'light'} leftSection={<IconWalk size={16} />} onClick={() => goTo(0)}>
      {isKnown ? t('Take the tour') : t('New here? Take the tour (under a minute)')}
    </Button>
  );
}
