import {runCommand} from '../../../src/probes/watch/run-command.ts';

// A supervisor that runs a command of the operator, and is killed meanwhile by the test.
await runCommand(process.argv.slice(2), {
  what: 'cutover.hand_over.0',
  timeoutMs: 60_000,
  env: process.env,
  endsWithUs: true,
});
