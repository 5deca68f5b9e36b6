import type { KindDefinition } from '../../model/definition.ts';

/** Of pictures on paper. A page has its own for each class, also dark ones. */
export const colours = {
  paper: '#ffffff',
  card: '#ffffff',
  text: '#17202a',
  muted: '#65717d',
  line: '#d5dce2',
  edge: '#9aa7b3',
  bad: '#c92a2a',
  warn: '#9a5b00',
  fault: '#b54708',
} as const;

export const families: Record<KindDefinition['family'], string> = {
  traffic: '#4c6ef5',
  edge: '#0c8599',
  compute: '#7950f2',
  storage: '#d9480f',
  messaging: '#c2255c',
};
