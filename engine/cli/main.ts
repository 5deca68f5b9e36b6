import { addAb } from './commands/ab.ts';
import { addBroker } from './commands/broker.ts';
import { addDiff } from './commands/diff.ts';
import { addDoctor } from './commands/doctor.ts';
import { addExperiment } from './commands/experiment.ts';
import { addFaults } from './commands/faults.ts';
import { addImport } from './commands/import.ts';
import { addJobs } from './commands/jobs.ts';
import { addOpen } from './commands/open.ts';
import { addReport } from './commands/report.ts';
import { addRun } from './commands/run.ts';
import { addRuns } from './commands/runs.ts';
import { addSweep } from './commands/sweep.ts';
import { addTemplates } from './commands/templates.ts';
import { addTrust } from './commands/trust.ts';
import { addValidate } from './commands/validate.ts';
import { addWeb } from './commands/web.ts';
import { runProgram } from './program.ts';

await runProgram([
  addRun,
  addExperiment,
  addSweep,
  addAb,
  addJobs,
  addValidate,
  addImport,
  addWeb,
  addOpen,
  addDoctor,
  addBroker,
  addTemplates,
  addTrust,
  addRuns,
  addFaults,
  addReport,
  addDiff,
]);
