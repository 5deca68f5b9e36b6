import type { Page } from '@playwright/test';
import { expect, test } from './browser-test.ts';
import { node, ownDocument } from './own-document.ts';
import { picture } from './pictures.ts';

/** Two slots of 20 ms and a short queue: 100 requests/s are all it can do. The load grows beyond that within the run. */
const growing = {
  format: 1,
  name: 'Growing',
  nodes: [
    node('callers', 'client', 0),
    node('clerk', 'service', 360, {
      concurrency: 2,
      queue: { limit: 20 },
      routes: [{ path: '/hello', steps: [{ do: 'wait', duration: { type: 'fixed', valueMs: 20 } }] }],
    }),
  ],
  edges: [
    {
      id: 'callers-clerk',
      source: 'callers',
      target: 'clerk',
      config: { retries: { maxAttempts: 2 }, timeoutMs: 1500 },
    },
  ],
  scenarios: [
    {
      name: 'growing',
      traffic: [
        {
          executor: 'ramping-arrival-rate',
          client: 'callers',
          startRatePerSec: 20,
          stages: [{ durationMs: 18_000, ratePerSec: 180 }],
          routes: [{ path: '/hello' }],
        },
      ],
    },
  ],
};

const file = ownDocument('growing', growing);

/** Pixels of the layer of dots that are painted now. */
const paintedPixels = (page: Page): Promise<number> =>
  page.getByTestId('dots').evaluate((layer) => {
    const canvas = layer as HTMLCanvasElement;
    const { data } = (canvas.getContext('2d') as CanvasRenderingContext2D).getImageData(
      0,
      0,
      canvas.width,
      canvas.height,
    );
    let painted = 0;
    for (let index = 3; index < data.length; index += 4) if ((data[index] as number) > 0) painted += 1;
    return painted;
  });

test('a card warns before the first request is refused, and its reason leads to a trace whose path is lit', async ({
  open,
}) => {
  const studio = await open(file);
  const { page } = studio;
  await studio.run();
  const clerk = studio.node('clerk');
  const refused = page.locator('[data-metric="failure-reasons"] [data-reason="queue-full"]');

  // What came first is asked of the page itself: looks from outside come too seldom.
  const first = await page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const look = () => {
          if (document.querySelector('[data-metric="failure-reasons"] button')) resolve('refused');
          else if (
            document.querySelector(
              '[data-testid="node-clerk"] :is([data-saturation="warning"], [data-saturation="full"])',
            )
          )
            resolve('warned');
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
  expect(first).toBe('warned');
  await expect(page.getByTestId('dot-legend')).toContainText('failed');
  await expect.poll(() => paintedPixels(page)).toBeGreaterThan(20);
  const edge = studio.edge('callers-clerk');
  await expect(edge.locator('[data-policy="timeout"]')).toHaveAttribute('aria-label', 'Timeout 1.5 s for each attempt');
  await expect(edge.locator('[data-policy="retries"]')).toHaveCount(1);

  await expect(refused.first()).toBeVisible({ timeout: 40_000 });
  await page.mouse.move(700, 560);
  await expect(page.getByRole('tooltip')).toHaveCount(0);
  await picture(page, 'seeing');
  await refused.first().click();
  await expect(page.getByRole('tab', { name: 'Traces' })).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByTestId('waterfall')).toContainText('clerk', { timeout: 20_000 });
  await expect(page.getByTestId('traces').locator('[aria-pressed="true"]')).toContainText('queue-full at clerk');
  await expect(clerk).toHaveAttribute('data-lit', 'hop');
  await expect(studio.edge('callers-clerk')).toHaveAttribute('data-lit', 'on');
  await picture(page, 'seeing-trace');
});

test('the display pauses, steps and is slowed down while the engine goes on', async ({ open }) => {
  const studio = await open(file);
  const { page } = studio;
  await studio.run();
  await studio.expectFigureAbove('clerk', 'requests-per-sec', 5);
  await page.keyboard.press('k');
  await expect(studio.button('Resume the display')).toBeVisible();
  const behind = page.getByTestId('display-behind');
  await expect(behind).toHaveText(/^[1-9]\.\d s behind/, { timeout: 10_000 });
  const paused = await studio.figure('clerk', 'requests-per-sec');
  const counted = await studio.trafficCount('ok');
  await expect(behind).toHaveText(/^[3-9]\.\d s behind/, { timeout: 10_000 });
  expect(await studio.figure('clerk', 'requests-per-sec')).toBe(paused);
  expect(await studio.trafficCount('ok')).toBeGreaterThan(counted);

  const before = Number.parseFloat((await behind.textContent()) ?? '');
  for (let step = 0; step < 15; step += 1) await page.keyboard.press('.');
  await expect.poll(async () => Number.parseFloat((await behind.textContent()) ?? '')).toBeLessThan(before + 1);
  await page.keyboard.press('j');
  await expect(studio.button(/^Speed of the display/)).toHaveText('0.5 ×');
  await page.keyboard.press('l');
  await page.keyboard.press('k');
  await expect(behind).toHaveCount(0);

  await page.keyboard.press('p');
  await expect(page.getByRole('region', { name: 'Measurements' })).toHaveCount(0);
  await page.mouse.move(700, 560);
  await expect(page.getByRole('tooltip')).toHaveCount(0);
  await picture(page, 'presentation');
  await page.keyboard.press('p');
  await expect(page.getByRole('region', { name: 'Measurements' })).toBeVisible();

  await page.getByRole('tab', { name: 'Logs' }).click();
  await expect(page.getByRole('log')).toContainText(/clerk.*ready after \d+ ms/);
  await picture(page, 'logs');
  await page.getByLabel('Search the log').fill('no-such-word-anywhere');
  await expect(page.getByTestId('log-count')).toContainText('0 of ');
});

test('who wants less motion sees counts instead of dots', async ({ open }) => {
  const studio = await open(file);
  const { page } = studio;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await studio.run();
  await expect(studio.edge('callers-clerk').locator('[data-metric="edge-counts"]')).toHaveText(/\d+ ok/, {
    timeout: 30_000,
  });
  expect(await paintedPixels(page)).toBe(0);
});
