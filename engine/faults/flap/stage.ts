import type { z } from 'zod';
import { createCutStage } from '../cut.ts';
import { BOTH } from '../directions.ts';
import type { LinkFault, Shared } from '../stage.ts';
import type { flapDefinition } from './definition.ts';

export type FlapParameters = z.output<(typeof flapDefinition)['parameters']>;

interface Swings extends Shared<FlapParameters> {
  isDown(): boolean;
  onSwing(listener: (isDown: boolean) => void): () => void;
  update(parameters: FlapParameters): void;
  stop(): void;
}

export const flapLinkFault: LinkFault<FlapParameters, Swings> = {
  directions: () => BOTH,

  /** Goes down and up at times that are counted from the beginning, so that it never drifts. */
  share({ parameters, now, schedule }) {
    let { downMs, upMs } = parameters;
    let isDown = true;
    let timesDown = 1;
    let atMs = now();
    let cancel: () => void = () => {};
    const listeners = new Set<(isDown: boolean) => void>();

    const arm = (): void => {
      cancel = schedule(atMs + (isDown ? downMs : upMs), swing);
    };
    const swing = (): void => {
      atMs += isDown ? downMs : upMs;
      isDown = !isDown;
      if (isDown) timesDown += 1;
      for (const listener of [...listeners]) listener(isDown);
      arm();
    };
    arm();

    return {
      isDown: () => isDown,
      onSwing(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      update(changed) {
        ({ downMs, upMs } = changed);
        cancel();
        arm();
      },
      measured: () => ({ timesDown }),
      stop: () => cancel(),
    };
  },

  createDoor({ parameters, shared: swings, changed }) {
    let { how } = parameters;
    const stopHearing = swings.onSwing(changed);
    const isShut = (): boolean => how === 'refuse' && swings.isDown();
    return {
      isShut,
      admit: () => (isShut() ? 'reset' : 'serve'),
      update(next) {
        ({ how } = next);
      },
      close() {
        stopHearing();
        swings.stop();
      },
    };
  },

  createStage(context) {
    let { how } = context.parameters;
    const swings = context.shared;
    const { down, up, ...stage } = createCutStage(context);
    if (swings.isDown()) down(how);
    const stopHearing = swings.onSwing((isDown) => (isDown ? down(how) : up()));
    return {
      ...stage,
      update(changed) {
        ({ how } = changed);
        if (!swings.isDown()) return;
        up();
        down(how);
      },
      flush() {
        stopHearing();
        up();
      },
      drop() {
        stopHearing();
        stage.drop();
      },
    };
  },
};
