import { catalogue } from '../catalogue.ts';
import type { ArchipelDocument } from '../model/document.ts';
import { hintsOf } from '../model/hints/index.ts';
import type { Terminal } from './terminal.ts';

/** The weaknesses that a document tells of, each with its reason, the way out and what shows it. */
export function printHints(terminal: Terminal, document: ArchipelDocument): void {
  const hints = hintsOf(document, catalogue);
  if (hints.length === 0) terminal.line('no hints: no weakness can be read from the document');
  for (const { title, reason, advice, nodes, edges, proof } of hints) {
    terminal.line(
      `${terminal.style('yellow', 'hint')} ${terminal.style('bold', title)}: ${[...nodes, ...edges].join(', ')}`,
    );
    terminal.line(`  ${reason}`);
    terminal.line(`  → ${advice}`);
    terminal.line(
      terminal.style(
        'dim',
        'missing' in proof ? `  no experiment: ${proof.missing}` : `  experiment: ${proof.experiment.statement}`,
      ),
    );
  }
}
