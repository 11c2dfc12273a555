import {runPreflight} from '../preflight/run-preflight.ts';
import type {Step} from '../step.ts';

/** Looks at servers, tools and data before anything is touched. */
export const preflight: Step = {
  id: 'preflight',
  phase: 'prepare',
  title: 'look at servers, tools and data',
  why: 'a missing setting or right found after two days of loading costs two days',
  source: 'runbook, "Prerequisite Steps"; facts/postgres.md',
  confirm: 'no',

  async check(ctx) {
    return {done: null, findings: await runPreflight(ctx)};
  },

  async statements() {
    return [
      {
        on: 'jump box',
        action: 'longhaul check: reads settings, rights and catalogs of all three servers, and changes nothing',
      },
    ];
  },

  async run(ctx) {
    const findings = ctx.state().findings.filter(({step}) => step === 'preflight');
    const count = (severity: string): number => findings.filter((finding) => finding.severity === severity).length;
    return {warnings: count('warning'), notes: count('note')};
  },
};
