import { ActionIcon, Group, Tooltip } from '@mantine/core';
import { IconArrowAutofitWidth, IconZoomIn, IconZoomOut } from '@tabler/icons-react';
import { type RefCallback, useCallback, useState } from 'react';
import { useT } from '../../i18n/t.ts';

/** Room for the names of the lanes and for what is added at the end. */
const BESIDE_PX = 230;
const LEAST = 0.0005;
const MOST = 1;

/** How wide a millisecond is: so that everything fits, until somebody zooms. */
export function useZoom(totalMs: number) {
  const [widthPx, setWidthPx] = useState(900);
  const [chosen, setChosen] = useState<number | null>(null);
  const fitting = Math.max(LEAST, Math.min(0.2, Math.max(300, widthPx - BESIDE_PX) / Math.max(1000, totalMs)));
  const pxPerMs = chosen ?? fitting;
  const zoom = useCallback(
    (factor: number) => setChosen((now) => Math.min(MOST, Math.max(LEAST, (now ?? fitting) * factor))),
    [fitting],
  );
  const area: RefCallback<HTMLDivElement> = useCallback((element) => {
    if (!element) return;
    const observer = new ResizeObserver(() => setWidthPx(element.clientWidth));
    observer.observe(element);
    // Only a listener that says so may keep the wheel from scrolling.
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const factor = event.deltaY > 0 ? 0.85 : 1 / 0.85;
      setChosen((now) => Math.min(MOST, Math.max(LEAST, (now ?? element.clientWidth / 20_000) * factor)));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      observer.disconnect();
      element.removeEventListener('wheel', onWheel);
    };
  }, []);
  return { pxPerMs, area, zoom, fit: () => setChosen(null) };
}

export function ZoomControls({ zoom, fit }: { zoom(factor: number): void; fit(): void }) {
  const t = useT();
  const control = (label: string, icon: React.ReactNode, onClick: () => void) => (
    <Tooltip label={label}>
      <ActionIcon size="sm" variant="subtle" color="gray" aria-label={label} onClick={onClick}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
  return (
    <Group gap={2} wrap="nowrap" ml="auto">
      {control(t('Zoom out of time'), <IconZoomOut size={15} />, () => zoom(1 / 1.4))}
      {control(t('Zoom into time'), <IconZoomIn size={15} />, () => zoom(1.4))}
      {control(t('Fit the whole experiment'), <IconArrowAutofitWidth size={15} />, fit)}
    </Group>
  );
}
