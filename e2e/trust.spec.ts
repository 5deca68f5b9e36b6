import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from './browser-test.ts';

const greeter = (word: string) => ({
  format: 1,
  name: 'Greeter',
  nodes: [
    { id: 'callers', kind: 'client', name: 'Callers', position: { x: 0, y: 0 } },
    {
      id: 'greeter',
      kind: 'service',
      name: 'Greeter',
      position: { x: 320, y: 0 },
      config: { routes: [{ path: '/hello', steps: [{ do: 'code', source: `() => ({ says: '${word}' })` }] }] },
    },
  ],
  edges: [{ id: 'callers-greeter', source: 'callers', target: 'greeter' }],
  scenarios: [
    {
      name: 'calm',
      traffic: [
        {
          executor: 'constant-arrival-rate',
          client: 'callers',
          ratePerSec: 50,
          routes: [{ path: '/hello' }],
        },
      ],
    },
  ],
});

test('code from somewhere else runs only once it is trusted, and a change of it asks again', async ({ open }) => {
  const folder = mkdtempSync(join(tmpdir(), 'e2e-trust-'));
  const file = join(folder, 'greeter.archipel.json');
  writeFileSync(file, JSON.stringify(greeter('hello')));
  const studio = await open(file);
  const { page } = studio;
  const notice = page.getByRole('region', { name: /^Read-only/ });

  await expect(notice).toContainText('code that you have not trusted');
  await expect(notice).toContainText("says: 'hello'");
  await studio.button('Run').click();
  await expect(page.getByText('Nothing was started')).toBeVisible();
  await page.getByRole('dialog').getByRole('button').first().click();
  await studio.expectState('greeter', 'stopped');
  await notice.getByRole('button', { name: 'Keep read-only' }).click();
  await studio.select('greeter');
  await expect(studio.inspector.getByLabel('Name', { exact: true })).toBeDisabled();
  await page.keyboard.press('Delete');
  await expect(studio.nodes).toHaveCount(2);

  await studio.button('Read-only: code not trusted').click();
  await notice.getByRole('button', { name: 'Trust and enable editing' }).click();
  await expect(notice).toBeHidden();
  await studio.run();
  await studio.expectFigureAbove('greeter', 'requests-per-sec', 20);

  // Who trusts a document may write in it; what is written answers at once.
  const port = Number(/port (\d+)/.exec(await liveText(studio))?.[1]);
  const says = async () => ((await (await fetch(`http://127.0.0.1:${port}/hello`)).json()) as { says: string }).says;
  expect(await says()).toBe('hello');
  await studio.inspector.getByRole('tab', { name: 'Settings' }).click();
  for (const entry of ['/hello', 'code'])
    await studio.inspector.locator('button[aria-expanded="false"]').filter({ hasText: entry }).first().click();
  const editor = studio.inspector.getByRole('textbox', { name: 'Code' });
  await editor.click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText("() => ({ says: 'bonjour' })");
  await expect.poll(says).toBe('bonjour');
  await studio.stop();
  await studio.expectConservation();
  await page.keyboard.press('ControlOrMeta+s');
  await expect(page.getByText('Saved greeter.archipel.json')).toBeVisible();

  const again = await open(file);
  await expect(again.nodes).toHaveCount(2);
  await expect(again.page.getByRole('region', { name: /^Read-only/ })).toBeHidden();
  writeFileSync(file, JSON.stringify(greeter('changed by somebody')));
  const third = await open(file);
  await expect(third.page.getByRole('region', { name: /^Read-only/ })).toContainText('changed by somebody');
  rmSync(folder, { recursive: true, force: true });
});

async function liveText(studio: { inspector: import('@playwright/test').Locator }): Promise<string> {
  await studio.inspector.getByRole('tab', { name: 'Live and faults' }).click();
  await expect(studio.inspector).toContainText(/port \d+/);
  return (await studio.inspector.textContent()) ?? '';
}
