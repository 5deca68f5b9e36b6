import { runProcess } from '../../process-kit/run-process.ts';
import { createClientProgram } from '../../traffic/client-program.ts';

runProcess(createClientProgram);
