import type { ExportedFile } from '../../engine/api/engine.ts';
import { desktop } from '../engine-client/desktop.ts';

/** A page that is being shown or saved still needs its address for a while. */
const ADDRESS_LIVES_MS = 60_000;

/**
 * Gives a file out where the person chooses: through the dialog of the desktop, where the engine writes it, or as a
 * download. Resolves to its path or name; null where nothing was chosen.
 */
export async function handOut(options: {
  fileName: string;
  file(): Promise<ExportedFile>;
  save(path: string): Promise<void>;
}): Promise<string | null> {
  if (desktop) {
    const path = await desktop.saveFileDialog(options.fileName);
    if (path !== null) await options.save(path);
    return path;
  }
  const link = document.createElement('a');
  link.href = addressOf(await options.file());
  link.download = options.fileName;
  link.click();
  return options.fileName;
}

/** An address within this page, for a while. */
export function addressOf({ mediaType, content, encoding }: ExportedFile): string {
  const bytes =
    encoding === 'base64' ? Uint8Array.from(atob(content), (sign) => sign.codePointAt(0) as number) : content;
  const url = URL.createObjectURL(new Blob([bytes], { type: `${mediaType};charset=utf-8` }));
  setTimeout(() => URL.revokeObjectURL(url), ADDRESS_LIVES_MS);
  return url;
}
