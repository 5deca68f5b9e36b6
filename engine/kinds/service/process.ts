import type { Consumer } from '../../model/consumer.ts';
import type { Route } from '../../model/handler.ts';
import type { WorkLimits } from '../../model/work-limits.ts';
import { createHandlerProgram } from '../../process-kit/handler-program.ts';
import { runProcess } from '../../process-kit/run-process.ts';

runProcess<{ routes: Route[]; consumers: Consumer[] } & WorkLimits>((start) =>
  createHandlerProgram(start, ({ routes }) => routes),
);
