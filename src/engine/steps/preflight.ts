import type {Step} from '../step.ts';
import {runPreflight} from '../preflight/run-preflight.ts';
export const preflight: Step = {
  id: 'preflight',
  phase: 'prepare',
  title: 'look at servers and tools',
  why: 'x',
  source: 'facts',
  confirm: 'no',
  async check(ctx) {
    return {done: null, findings: await runPreflight(ctx)};
  },
  async statements() {
    return [];
  },
  async run() {
    return {};
  },
};
