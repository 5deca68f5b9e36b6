import { Button } from '@mantine/core';
import { IconWalk } from '@tabler/icons-react';
import { goTo, useTour } from './tour-state.ts';

/** Begins the tour; stands out until it was taken or ended once. */
export function TourButton() {
  const isKnown = useTour((state) => state.isKnown);
  return (
    <Button variant={isKnown ? 'subtle' : 'light'} leftSection={<IconWalk size={16} />} onClick={() => goTo(0)}>
      {isKnown ? 'Take the tour' : 'New here? Take the tour (under a minute)'}
    </Button>
  );
}
