import {JournalError} from './journal.ts';
import type {StepContext} from '../step.ts';

const AGAIN_MS = 2_000;

/**
 * A context whose events wait for room on the journal's disk: a walk that has come far shall not fail because the jump box is full. What it
 * has done and not noted it finds again by looking. Ends when the run is stopped.
 */
export function withPatientRecord(ctx: StepContext): StepContext {
  return {
    ...ctx,
    record: async (event) => {
      for (;;) {
        try {
          await ctx.record(event);
          return;
        } catch (error) {
          if (!(error instanceof JournalError)) throw error;
          await ctx.sleep(AGAIN_MS);
        }
      }
    },
  };
}
