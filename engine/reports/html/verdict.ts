import type { ExperimentResult, ProbeResult, Proof } from '../../api/types.ts';
import { targetName } from '../../model/target-name.ts';
import { count, milliseconds, plural, reasons, seconds } from '../figures.ts';
import { type Markup, markup } from '../markup.ts';
import { margin, outcomeOf, phases, phaseTitles, seen, wanted } from '../probe-words.ts';
import { experimentOf, faultsIn, type Report } from '../report.ts';
import { faultTitle } from '../topology/acted-on.ts';
import { courseWords } from './fault-words.ts';
import type { Section } from './page.ts';
import { section, table } from './table.ts';

/** Every probe with what it measured, what it wanted, and on what that rests. */
export function probes(report: Report): Section | null {
  const experiment = experimentOf(report);
  if (!experiment) return null;
  const { startedAtMs } = report.result;
  return section(
    'probes',
    'Probes',
    ...phases.map((phase) =>
      table(
        phaseTitles[phase],
        ['Probe', 'Measured#', 'Wanted#', 'Margin#', 'Samples#', 'Evidence', 'Outcome'],
        experiment.probes
          .filter((probe) => probe.phase === phase)
          .map((probe) => [
            markup`${probe.name}${probe.fault !== null && markup` <small>${faultOf(experiment, probe)}</small>`}`,
            seen(probe),
            wanted(probe),
            margin(probe),
            count(probe.samples),
            evidenceOf(probe, startedAtMs),
            outcome(probe),
          ]),
      ),
    ),
  );
}

const since = (atMs: number, startedAtMs: number): string => seconds(atMs - startedAtMs);

/** Where the figure comes from: which time, what was counted in it, and what was seen there. */
function evidenceOf({ window, evidence }: ProbeResult, startedAtMs: number): Markup {
  const counted = reasons(evidence.counters);
  const { lines = [] } = evidence;
  return markup`${since(window.fromMs, startedAtMs)} to ${since(window.toMs, startedAtMs)}${counted !== '' && markup`<br><small>${counted}</small>`}${
    evidence.looks.length > 0 &&
    markup`<details><summary>${plural(evidence.looks.length, 'look')}</summary><ul class="looks">${evidence.looks.map(
      ({ atMs, value, holds, note }) =>
        markup`<li>${since(atMs, startedAtMs)} <code>${value ?? 'nothing'}</code> ${holds ? '' : 'does not hold'}${note !== null && ` (${note})`}</li>`,
    )}</ul></details>`
  }${lines.length > 0 && markup`<br><a href="#log">${plural(lines.length, 'line')} of the log</a>`}`;
}

function outcome(probe: ProbeResult): Markup {
  const word = outcomeOf(probe);
  const tone = word === 'holds' ? 'good' : word === 'inconclusive' ? 'warn' : 'bad';
  return markup`<span class="badge ${tone}">${word}</span>${probe.inconclusive !== null && markup` <small>${probe.inconclusive}</small>`}`;
}

function faultOf({ faults }: ExperimentResult, { fault: id }: ProbeResult): string {
  const fault = faults.find((candidate) => candidate.id === id);
  return fault ? `${faultTitle(fault.fault)} on ${targetName(fault.target)}` : String(id);
}

/** Every fault with the measured proofs that it acted and that it is gone. */
export function faults(report: Report): Section | null {
  const injected = faultsIn(report);
  if (injected.length === 0) return null;
  const experiment = experimentOf(report);
  const { startedAtMs } = report.result;
  return section(
    'faults',
    'Faults and their proofs',
    table(
      'Faults that were injected',
      ['Fault', 'On', 'With', 'From#', 'To#', 'Proof of its effect', 'Proof of its removal'],
      injected.map((fault) => [
        faultTitle(fault.fault),
        targetName(fault.target),
        markup`${courseWords(fault).map((words) => markup`<div>${words}</div>`)}`,
        since(fault.startedAtMs, startedAtMs),
        fault.endedAtMs === null ? '–' : since(fault.endedAtMs, startedAtMs),
        fault.error === null
          ? proof(fault.proofOfEffect)
          : markup`<span class="badge bad">failed</span> ${fault.error}`,
        proof(fault.proofOfRemoval),
      ]),
    ),
    experiment &&
      markup`<p>${
        experiment.recoveryMs === null
          ? 'The steady state did not come back in time.'
          : `The steady state held again ${milliseconds(experiment.recoveryMs)} after the last fault was gone.`
      }</p>`,
  );
}

const proof = (found: Proof | null): Markup =>
  found === null
    ? markup`<span class="badge warn">not measured</span>`
    : markup`<span class="badge ${found.holds ? 'good' : 'bad'}">${found.holds ? 'proven' : 'not proven'}</span> ${found.evidence}`;
