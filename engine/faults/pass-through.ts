import type { Stage, StageContext } from './stage.ts';

/** A stage that holds nothing back: the fault acts by what it sees pass, or on the connection as a whole. */
export const passThrough = <Parameters>(
  { emit }: Pick<StageContext<Parameters>, 'emit'>,
  own: Partial<Stage<Parameters>> = {},
): Stage<Parameters> => ({
  push: emit,
  update() {},
  flush() {},
  drop() {},
  heldBytes: () => 0,
  ...own,
});
