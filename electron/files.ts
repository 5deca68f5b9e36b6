import { app } from 'electron';
import { documentPath } from './argv.ts';

/** Documents that the operating system asks to open: command line, double click, a second start, a drop on the dock. */
export interface OpenRequests {
  /** Asked for before there was a window. */
  initialPath: string | null;
  /** Called for each later one; null means only "come to the front". */
  deliver: ((path: string | null) => void) | null;
}

/** Must run before the app is ready: macOS sends `open-file` that early. */
export function setupFiles(): OpenRequests {
  const developing = process.defaultApp === true;
  const requests: OpenRequests = {
    initialPath: documentPath(process.argv, { developing, cwd: process.cwd() }),
    deliver: null,
  };
  const open = (path: string | null): void => {
    if (path) app.addRecentDocument(path);
    if (requests.deliver) requests.deliver(path);
    else requests.initialPath = path ?? requests.initialPath;
  };
  app.on('open-file', (event, path) => {
    event.preventDefault();
    open(path);
  });
  app.on('second-instance', (_event, argv, cwd) => open(documentPath(argv, { developing, cwd })));
  return requests;
}
