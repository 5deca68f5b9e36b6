import { join } from 'node:path';
import { expect, test } from './desktop-test.ts';
import { hands, liveThroughTheShop } from './shop-story.ts';

const how = { mouse: 'with the mouse', keyboard: 'with the keyboard alone' };

for (const hand of hands)
  test(`the microservices shop lives from nothing to the file and back in the real window, ${how[hand]}`, async ({
    traces,
    desktop,
    studio,
  }) => {
    test.setTimeout(180_000);
    const file = join(traces.env.TMPDIR as string, 'my-shop.archipel.json');
    await desktop.app.evaluate(({ dialog }, path) => {
      const save = async () => ({ canceled: false, filePath: path });
      const open = async () => ({ canceled: false, filePaths: [path] });
      dialog.showSaveDialog = save as unknown as typeof dialog.showSaveDialog;
      dialog.showOpenDialog = open as unknown as typeof dialog.showOpenDialog;
    }, file);
    await expect(studio.nodes).toHaveCount(3);
    await desktop.chooseMenu('new');
    // The dialogs of the system answer by themselves.
    await liveThroughTheShop(studio, hand, { save: async () => {}, open: async () => {} });
  });
