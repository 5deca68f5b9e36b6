import definitions from './definitions.json' with { type: 'json' };
import sentences from './sentences.json' with { type: 'json' };
import window from './window.json' with { type: 'json' };

/** Every text of the window in French: its own, those of the engine's definitions, and what the engine says. */
export const texts: Record<string, string> = { ...sentences, ...definitions, ...window };
