import { useSession } from './stores/session.ts';

export const LEAST_PX = 140;
export const STEP_PX = 24;
/** So much is left for what stands above. */
const ABOVE_PX = 200;

export const setPanelHeight = (heightPx: number): void =>
  useSession.setState({
    bottomHeightPx: Math.round(Math.min(window.innerHeight - ABOVE_PX, Math.max(LEAST_PX, heightPx))),
    bottomOpen: true,
  });
