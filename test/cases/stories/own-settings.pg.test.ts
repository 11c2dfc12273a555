import {afterAll, beforeAll, expect, test} from 'vitest';
import type {Finding} from '../../../src/domain/run/finding.ts';
import {copyGlobals} from '../../../src/engine/steps/prepare/copy-globals.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {contextOn} from '../../support/lab-context.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await startLab({seed: false});
});
afterAll(async () => {
  await lab.stop();
});

test('a setting that no extension has is told, for only a superuser of the target may give it; any other is copied', async () => {
  await lab.source.sql('ALTER DATABASE app SET "acme.mode" = on; ALTER DATABASE app SET enable_sort = off');
  const toldByStep = async (): Promise<Finding[]> => {
    const ctx = await contextOn(lab);
    const {findings} = await copyGlobals.check(ctx);
    await ctx.close();
    return findings.filter(({check: id}) => id !== 'copy-globals.left-out');
  };
  expect(await toldByStep()).toMatchObject([
    {
      check: 'copy-globals.own-setting',
      severity: 'warning',
      seen: expect.stringContaining('acme.mode=on of the database'),
    },
  ]);
  await lab.target.sql('ALTER DATABASE app SET "acme.mode" = on');
  expect(await toldByStep()).toEqual([]);
  await lab.target.sql('ALTER DATABASE app RESET "acme.mode"');
  await lab.source.sql('ALTER DATABASE app RESET "acme.mode"; ALTER DATABASE app RESET enable_sort');
});
