import {rm, stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {drained} from '../../support/drained.ts';
import {edit} from '../../support/edit.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';

// By commands of the operator, who has none here: the stand-in comes as a superuser, whom only the locks would keep out.
describe('a cutover with tasks of DMS and without the locks', () => {
  let lab: Lab;
  const hand = (): string => join(lab.folder, 'hand');
  const isAt = (): string => join(lab.folder, 'at');
  beforeAll(async () => {
    lab = await startLab({size: 'tiny', engine: 'dms'});
    await edit(lab, [
      'cutover:\n',
      `cutover:\n  stop: commands\n  lock: no\n  hand_over: [{run: [sh, -c, 'touch ${isAt()}; while [ -e ${hand()} ]; do sleep 0.05; done'], time_limit: 5min}]\n`,
    ]);
    await mustEndWell(lab, 'run', '--plain');
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  test('is rehearsed with what nothing proves then', async () => {
    const {stdout} = await longhaul(lab, 'cutover', '--check');
    expect(stdout).toMatch(/cutover\.lock is no: between F and the hand-over nothing refuses a write/);
  });

  test('is taken back where somebody has written since F: the slots of the tasks tell it', async () => {
    await writeFile(hand(), '');
    const ended = longhaul(lab, 'cutover', '--yes', 'rehearsal', '--plain');
    await eventually('the hand-over', async () => stat(isAt()).catch(() => null));
    await lab.source.sql(
      'BEGIN READ WRITE; INSERT INTO public.teller_history (teller_id, delta) VALUES (1, 7); COMMIT',
    );
    await rm(hand());
    expect((await ended).code).toBe(1);
    const {cutover} = await stateOf(lab);
    expect(cutover?.goneBack?.reason).toContain('somebody wrote to public.teller_history on the source');
  });

  test('and leads to the target with every row where nobody does', async () => {
    await drained(lab);
    await mustEndWell(lab, 'cutover', '--yes', 'rehearsal', '--plain');
    const rows = 'SELECT teller_id, delta, created_at FROM public.teller_history ORDER BY 1, 2, 3';
    expect(await lab.target.sql(rows)).toEqual(await lab.source.sql(rows));
  });
});
