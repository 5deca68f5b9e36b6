import { createHistogram, record, reset, toSparse } from '../../metrics/histogram.ts';
import { createCallCounters } from '../../process-kit/call-counters.ts';
import { CallFailure } from '../../process-kit/call-failure.ts';
import { createCallers } from '../../process-kit/callers.ts';
import { processClock } from '../../process-kit/clock.ts';
import { createHttpProgram } from '../../process-kit/http-program.ts';
import { createJournal } from '../../process-kit/messages/journal.ts';
import { createMessageCaller } from '../../process-kit/messages/message-caller.ts';
import { runProcess } from '../../process-kit/run-process.ts';
import { runSteps } from '../../process-kit/steps/index.ts';
import { tracer } from '../../process-kit/tracing.ts';
import type { Schedule } from './config.ts';
import { createScheduler } from './scheduler.ts';

runProcess<{ schedules: Schedule[] }>((start) => {
  const { nodeId, replica } = start;
  const journal = createJournal({ directory: start.journalDirectory ?? '', nodeId, replica });
  const callers = createCallers(nodeId, (edge) =>
    createMessageCaller(edge, { journal, consumerName: `${nodeId}-${replica}` }),
  );
  const calls = createCallCounters();
  const latency = createHistogram();
  const late = createHistogram();
  let handlingMs = 0;
  callers.wire(start.edges);

  const fire = async ({ name, steps, timeoutMs }: Schedule, dueMs: number): Promise<void> => {
    record(late, Math.max(0, Date.now() - dueMs));
    const startMs = performance.now();
    const due = new Date(dueMs).toISOString();
    const span = tracer.request({ method: 'FIRE', target: `${name} ${due}`, route: name, startMs });
    const request = { parameters: { name, due }, deadlineMs: startMs + timeoutMs, span };
    try {
      await runSteps(steps, { nodeId, request, callers, calls, random: Math.random, answer: { response: null } });
    } catch (error) {
      const failure =
        error instanceof CallFailure
          ? error
          : new CallFailure('handler-error', nodeId, error instanceof Error ? error.message : String(error));
      span?.fail(failure.reason, failure.hop);
      console.log(`${name}, due ${due}, failed: ${failure.reason} at ${failure.hop}: ${failure.message}`);
      throw failure;
    } finally {
      const tookMs = performance.now() - startMs;
      handlingMs += tookMs;
      record(latency, tookMs);
      tracer.end(span);
    }
  };

  let scheduler: ReturnType<typeof createScheduler> | undefined;
  let { schedules } = start.config;
  // Nobody calls it, but for its health.
  const http = createHttpProgram((incoming, response) => {
    incoming.resume();
    response.writeHead(404);
    response.end();
  });

  return {
    async listen() {
      const port = await http.listen();
      scheduler = createScheduler({
        schedules,
        clock: processClock,
        wallMs: () => Date.now(),
        fire,
        onMissed({ name }, dueMs) {
          console.log(`${name}, due ${new Date(dueMs).toISOString()}, was missed`);
        },
      });
      return port;
    },
    wire: callers.wire,
    configure(changed: { schedules: Schedule[] }) {
      schedules = changed.schedules;
      scheduler?.configure(schedules);
    },
    measure() {
      const counters = scheduler?.counters() ?? { due: 0, fired: 0, missed: 0, skipped: 0, succeeded: 0, failed: 0 };
      const sparse = { latency: toSparse(latency), late: toSparse(late) };
      reset(latency);
      reset(late);
      const inHand = scheduler?.inHand ?? 0;
      return {
        ...{ requests: counters.succeeded + counters.failed, errors: counters.failed, inFlight: inHand, handlingMs },
        latency: sparse.latency,
        counters: { ...counters },
        gauges: { inHand, undecided: 0 },
        histograms: { late: sparse.late },
        calls: calls.read(callers.all()),
      };
    },
    async drain() {
      await Promise.all([http.drain(), scheduler?.stop()]);
      await callers.close();
    },
  };
});
