import {describe, expect, test} from 'vitest';
import type {StepContext} from '../../../../src/engine/step.ts';
import {compareFinal} from '../../../../src/engine/steps/cutover/compare-final.ts';
import {contextOf} from '../../../support/stepping.ts';

/** What is told where these tables are left, of which these were written to, and public.big alone was counted. */
const told = async (left: string[], written: string[]): Promise<string[]> => {
  const ctx = {
    ...contextOf('never', {type: 'cutover.begun', by: 'ana', steps: ['compare-final', 'hand-over']}),
    config: {cutover: {compareForMs: 1, compareLimitMs: 1}},
    final: {
      begin: async () => undefined,
      over: async () => undefined,
      progress: () => ({
        failed: [],
        failure: null,
        ended: null,
        compared: [{table: 'public.users', differs: false, sourceRows: 1, targetRows: 1}],
        left,
        counted: ['public.big'],
        written: {tables: written, bytes: 1},
      }),
    },
  } as unknown as StepContext;
  expect(await compareFinal.run(ctx)).toMatchObject({byRow: ['public.users'], left, counted: ['public.big']});
  return ctx.state().findings.map(({check, seen}) => `${check}: ${seen}`);
};

describe('what was neither compared nor counted while writes were stopped', () => {
  test('is told by its name, and that nothing was written there', async () => {
    expect(await told(['public.big', 'public.bigger'], [])).toEqual([
      expect.stringMatching(
        /^cutover.not-counted: 1 table was neither .* the source has counted no write of it since it was last found equal.*: public.bigger$/,
      ),
    ]);
  });

  test('or that something was: those first', async () => {
    expect(await told(['public.big', 'public.log', 'public.bigger'], ['public.big', 'public.bigger'])).toEqual([
      expect.stringMatching(/: 2 tables were .* 1 of them was written to since .*: public.bigger; public.log$/),
    ]);
    expect(await told(['public.bigger'], ['public.bigger'])).toEqual([
      expect.stringMatching(/: 1 table was .*; it was written to since .*: public.bigger$/),
    ]);
  });
});
