import type { Route } from '../../model/handler.ts';
import { createHandlerProgram } from '../../process-kit/handler-program.ts';
import { runProcess } from '../../process-kit/run-process.ts';

runProcess<{ routes: Route[] }>(({ config, ...start }) => {
  const program = createHandlerProgram({ ...start, routes: config.routes });
  return { ...program, configure: (changed: { routes: Route[] }) => program.setRoutes(changed.routes) };
});
