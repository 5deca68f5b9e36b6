import { Button, CloseButton, Group, Text } from '@mantine/core';
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useT } from '../i18n/t.ts';
import { type TourStep, tourSteps } from './steps.ts';
import classes from './tour.module.css';
import { endTour, goTo, useTour } from './tour-state.ts';

/** Shows newcomers around, one part of the window after the other. */
export function Tour() {
  const index = useTour((state) => state.step);
  const step = index === null ? undefined : tourSteps[index];
  return index !== null && step ? <Step key={index} step={step} index={index} /> : null;
}

interface Place {
  ring: { left: number; top: number; width: number; height: number };
  card: { left: number; top: number };
}

const CARD = { width: 320, height: 170 };

function Step({ step, index }: { step: TourStep; index: number }) {
  const t = useT();
  const card = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<Place | null>(null);
  const isLast = index === tourSteps.length - 1;

  useLayoutEffect(() => {
    const look = () => setPlace(placeAt(document.querySelector(step.target)?.getBoundingClientRect()));
    look();
    window.addEventListener('resize', look);
    return () => window.removeEventListener('resize', look);
  }, [step]);

  useEffect(() => card.current?.focus(), []);

  const next = () => (isLast ? endTour() : goTo(index + 1));
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape') endTour();
    else if (event.key === 'ArrowRight') next();
    else if (event.key === 'ArrowLeft' && index > 0) goTo(index - 1);
    else return;
    event.stopPropagation();
  };
  return (
    <>
      {place && <div className={classes.ring} style={place.ring} aria-hidden />}
      <div
        ref={card}
        role="dialog"
        aria-label={t('Tour, {{index}} of {{all}}: {{title}}', {
          index: index + 1,
          all: tourSteps.length,
          title: t(step.title),
        })}
        className={classes.card}
        style={place?.card}
        tabIndex={-1}
        onKeyDown={onKey}
      >
        <Group justify="space-between">
          <Text size="sm" fw={600} component="h2" m={0}>
            {t(step.title)}
          </Text>
          <CloseButton size="sm" aria-label={t('End the tour')} onClick={endTour} />
        </Group>
        <Text size="sm">{t(step.text)}</Text>
        <Group justify="space-between" mt={8}>
          <Text size="xs" c="dimmed">
            {t('{{index}} of {{all}} · arrow keys, Escape', { index: index + 1, all: tourSteps.length })}
          </Text>
          <Group gap={6}>
            {index > 0 && (
              <Button size="compact-xs" variant="default" onClick={() => goTo(index - 1)}>
                {t('Back')}
              </Button>
            )}
            <Button size="compact-xs" onClick={next}>
              {isLast ? t('Done') : t('Next')}
            </Button>
          </Group>
        </Group>
      </div>
    </>
  );
}

/** The card stands beside what it is about, and within the window. */
function placeAt(rect: DOMRect | undefined): Place | null {
  if (!rect) return null;
  const { left, top, width, height } = rect;
  const within = (value: number, size: number, room: number) => Math.min(Math.max(12, value), room - size - 12);
  const hasRoomRight = left + width + CARD.width + 24 < window.innerWidth;
  const hasRoomBelow = top + height + CARD.height + 24 < window.innerHeight;
  const beside = hasRoomRight && width < 400;
  return {
    ring: { left: left - 3, top: top - 3, width: width + 6, height: height + 6 },
    card: {
      left: within(beside ? left + width + 12 : left + 12, CARD.width, window.innerWidth),
      top: within(
        beside ? top + 12 : hasRoomBelow ? top + height + 12 : height > 300 ? top + 24 : top - CARD.height - 12,
        CARD.height,
        window.innerHeight,
      ),
    },
  };
}
