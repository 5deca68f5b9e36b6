import { seededRandom } from './random.ts';
import type { Direction, Door, Item, LinkFault, Shared, Stage } from './stage.ts';

/** A fault of the link on one connection, on a clock that only the test moves. */
export function onFakeClock<Parameters, Common extends Shared<Parameters>>(
  fault: LinkFault<Parameters, Common>,
  parameters: Parameters,
  { seed = 1, isNew = true, probability = 1 } = {},
) {
  let nowMs = 0;
  let jobs: { atMs: number; run: () => void }[] = [];
  const out: { direction: Direction; item: Item; atMs: number }[] = [];
  const figures: Record<string, number> = {};
  const resetsAtMs: number[] = [];
  let connectionShared: unknown;
  let openConnections = 0;
  let doorChanges = 0;
  const random = seededRandom(seed);

  const tools = {
    now: () => nowMs,
    random,
    schedule(atMs: number, run: () => void) {
      const job = { atMs, run };
      jobs.push(job);
      return () => {
        jobs = jobs.filter((other) => other !== job);
      };
    },
    count(figure: string, by = 1) {
      figures[figure] = (figures[figure] ?? 0) + by;
    },
  };
  const shared = fault.share?.({ ...tools, parameters }) as Common;
  const door: Door<Parameters> | undefined = fault.createDoor?.({
    parameters,
    shared,
    count: tools.count,
    probability,
    openConnections: () => openConnections,
    changed: () => {
      doorChanges += 1;
    },
  });
  const createStage = (direction: Direction): Stage<Parameters> =>
    fault.createStage({
      ...tools,
      parameters,
      direction,
      shared,
      isNew,
      reset: () => resetsAtMs.push(nowMs),
      ofConnection<Value>(create: () => Value): Value {
        connectionShared ??= create();
        return connectionShared as Value;
      },
      emit: (item) => out.push({ direction, item, atMs: nowMs }),
    });
  const stages = new Map(fault.directions(parameters).map((direction) => [direction, createStage(direction)]));
  const [first] = stages.keys();
  const stageOf = (direction = first as Direction): Stage<Parameters> => stages.get(direction) as Stage<Parameters>;
  const word = (item: Item): string => (item.type === 'bytes' ? String(item.bytes) : item.type);

  return {
    door: door as Door<Parameters>,
    stage: stages.get(first as Direction) as Stage<Parameters>,
    stageOf,
    out,
    figures,
    resetsAtMs,
    doorChanges: () => doorChanges,
    setOpenConnections(count: number) {
      openConnections = count;
    },
    jobs: () => jobs.length,
    texts: () => out.map(({ item }) => word(item)),
    /** What came out, with its time. */
    timeline: () => out.map(({ item, atMs }): [string, number] => [word(item), atMs]),
    push: (text: string, direction?: Direction) =>
      stageOf(direction).push({ type: 'bytes', bytes: Buffer.from(text), atMs: nowMs }),
    end: (direction?: Direction) => stageOf(direction).push({ type: 'end', atMs: nowMs }),
    update(changed: Parameters) {
      shared?.update?.(changed);
      door?.update(changed);
      for (const stage of stages.values()) stage.update(changed);
    },
    /** As the link does when the fault goes. */
    takeOff() {
      door?.close();
      for (const stage of stages.values()) stage.flush();
    },
    advanceTo(untilMs: number) {
      for (;;) {
        const [next] = [...jobs].sort((a, b) => a.atMs - b.atMs);
        if (!next || next.atMs > untilMs) break;
        nowMs = Math.max(nowMs, next.atMs);
        jobs = jobs.filter((job) => job !== next);
        next.run();
      }
      nowMs = untilMs;
    },
  };
}
