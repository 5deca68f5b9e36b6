import type { Command } from 'commander';
import type { Finding } from '../doctor/finding.ts';
import { findings } from '../doctor/findings.ts';
import { exitCodes } from '../exit-codes.ts';
import { createTerminal } from '../terminal.ts';

const marks: Record<Finding['state'], ['green' | 'yellow' | 'red', string]> = {
  good: ['green', 'ok  '],
  limited: ['yellow', 'note'],
  bad: ['red', 'FAIL'],
};

export function addDoctor(program: Command, act: (work: () => Promise<number>) => Promise<void>): void {
  program
    .command('doctor')
    .description('check whether this machine has what Archipel needs')
    .action(() => act(doctor));
}

async function doctor(): Promise<number> {
  const terminal = createTerminal(process.stdout);
  let worst: number = exitCodes.ok;
  for (const find of findings) {
    const { subject, state, text, nextStep } = await find();
    const [colour, mark] = marks[state];
    terminal.line(`${terminal.style(colour, mark)}  ${subject.padEnd(16)} ${text}`);
    if (nextStep) terminal.line(`${' '.repeat(23)}→ ${nextStep}`);
    if (state === 'bad') worst = exitCodes.failed;
  }
  return worst;
}
