import { addBroker } from './commands/broker.ts';
import { runProgram } from './program.ts';

// Alone in its bundle: a broker is ready in a moment, and holds no more memory than it needs.
void runProgram([addBroker]);
