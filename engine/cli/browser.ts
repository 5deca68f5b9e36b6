import { spawn } from 'node:child_process';
import { once } from 'node:events';

const commands: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** Opens a URL in the user's browser. Gives the reason when it cannot. */
export async function openBrowser(url: string): Promise<string | null> {
  const noDisplay = whyNoDisplay();
  if (noDisplay) return noDisplay;
  const [command, ...args] = commands[process.platform] ?? ['xdg-open'];
  const browser = spawn(command as string, [...args, url], { stdio: 'ignore', detached: true, windowsHide: true });
  try {
    await once(browser, 'spawn');
    browser.unref();
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? `there is no program "${command}"`
      : (error as Error).message;
  }
}

/** Why nothing can be shown on this machine, or null where it can. Only Linux lets one know beforehand. */
export function whyNoDisplay(): string | null {
  if (process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY) return null;
  return 'there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)';
}
