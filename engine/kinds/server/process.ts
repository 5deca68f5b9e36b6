import type { ServerModule } from '../../model/handler.ts';
import { createHandlerProgram } from '../../process-kit/handler-program.ts';
import { runProcess } from '../../process-kit/run-process.ts';

const routesOf = (config: { modules: ServerModule[] }) => config.modules.flatMap((module) => module.routes);

runProcess<{ modules: ServerModule[] }>(({ config, ...start }) => {
  const program = createHandlerProgram({ ...start, routes: routesOf(config) });
  return { ...program, configure: (changed: { modules: ServerModule[] }) => program.setRoutes(routesOf(changed)) };
});
