import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {findServerBin} from '../../../src/lab/cluster/server-programs.ts';
import type {Lab, LabOptions} from '../../../src/lab/lab.ts';
import {findOldServer} from '../../pairs/old-server.ts';
import {carryOut} from '../../support/carry-out.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';
import {alarmOf, capturing, differing, ended, ENGINES, guardedAgain, NIGHTLY, uncaptured} from './story.ts';

/** Of a month that begins, as an application makes it: at once with its first rows. */
const child = (month: string, rows: number): string =>
  `CREATE TABLE public.events_${month} (CHECK (month = '${month}'), PRIMARY KEY (id)) INHERITS (public.events);
   ALTER TABLE public.events_${month} OWNER TO app_owner;
   INSERT INTO public.events_${month} SELECT n, '${month}', 'event ' || n FROM generate_series(1, ${rows}) AS n`;
/** A parent, and how its children go: the oldest by retention, as pg_partman and many a cron job have it. */
const SEED = `
  CREATE TABLE public.events (id integer, month text, what text);
  ALTER TABLE public.events OWNER TO app_owner;
  ${['2026_08', '2026_09', '2026_10', '2026_11'].map((month) => child(month, 500)).join(';\n')}`;
const WITHIN_S = 60;
/** What is told twice may take three minutes each time. */
const STORY_MS = 480_000;

/** A source of 9.6 for pglogical, where there is one: its children are inheriting tables, for it has no partitions. */
async function servers(engine: string): Promise<LabOptions> {
  const old = engine === 'pglogical' ? findOldServer() : null;
  return old === null ? {} : {sourceBin: old, targetBin: await findServerBin()};
}

// capture.md, case 2.
describe.skipIf(!NIGHTLY).each(ENGINES)('a parent with dated children, with %s (nightly)', (engine) => {
  let lab: Lab;
  // A table that is in a replication set is dropped by nobody who does not say so.
  const cascade = engine === 'pglogical' ? ' CASCADE' : '';
  beforeAll(async () => {
    lab = await capturing(engine, {
      ...(await servers(engine)),
      slots: 2,
      // DDL that stops nothing is seen within a minute then.
      interval: '200ms',
      before: async (begun) => {
        await begun.source.sql(SEED);
        await mustEndWell(begun, 'run', '--plain', '--until', 'full-load');
        // P is not proved anew before the load has ended.
        await begun.source.sql(`DROP TABLE public.events_2026_08${cascade}`);
      },
    });
  }, STORY_MS);
  afterAll(async () => ended(lab));

  test(
    'one that retention has dropped during the load does not cost the load, and is dropped on the target by what the drift says',
    async () => {
      expect((await stateOf(lab)).status).toBe('done');
      await guardedAgain(lab);
      expect((await stateOf(lab)).capture.gone.map(({name}) => name)).toEqual(['events_2026_08']);
      expect(await uncaptured(lab)).toEqual([]);
      const {remedy} = await alarmOf(lab, 'schema.drift');
      await carryOut(lab, remedy, {application: null});
      await mustEndWell(lab, 'compare', '--again');
    },
    STORY_MS,
  );

  test(
    'one that is made and filled is an alarm within a minute, the cutover is refused, and once adopted it is equal',
    async () => {
      const [[made = ''] = []] = await lab.source.sql(
        `${child('2026_12', 700)}; SELECT clock_timestamp()::timestamptz(3)`,
      );
      await alarmOf(lab, 'cdc.uncaptured:public.events_2026_12');
      const [known] = (await stateOf(lab)).capture.newTables;
      expect((Date.parse(known?.since ?? '') - Date.parse(made)) / 1000).toBeLessThan(WITHIN_S);
      expect((await longhaul(lab, 'cutover', '--yes', 'rehearsal', '--plain')).stderr).toContain(
        'public.events_2026_12',
      );
      await mustEndWell(lab, 'adopt', 'public.events_2026_12', '--yes', 'rehearsal');
      await lab.source.sql("UPDATE public.events_2026_12 SET what = 'changed' WHERE id % 7 = 0");
      expect(await differing(lab)).toEqual([]);
      expect((await stateOf(lab)).capture.adopted.map(({table}) => table.name)).toEqual(['events_2026_12']);
    },
    STORY_MS,
  );

  test(
    'one that was adopted and goes is told, keeps the cutover, and is dropped by what the alarm says',
    async () => {
      // What it has is on the target, and no baseline of the drift knows it.
      await lab.source.sql(`DROP TABLE public.events_2026_12${cascade}`);
      const {remedy} = await alarmOf(lab, 'cdc.left-over:public.events_2026_12');
      const refused = await longhaul(lab, 'cutover', '--check');
      expect(`${refused.stdout}${refused.stderr}`).toContain(
        'table public.events_2026_12 was adopted and is dropped on the source since; the target still has it',
      );
      await carryOut(lab, remedy, {application: null});
      await eventually(
        'the alarm to be over',
        async () => ((await stateOf(lab)).alarms.some(({id}) => id.startsWith('cdc.left-over')) ? null : true),
        180_000,
      );
      const checked = await longhaul(lab, 'cutover', '--check');
      // What the drift has read while it was there the drift says until its next turn.
      expect(`${checked.stdout}${checked.stderr}`).not.toContain('was adopted and is dropped');
      expect(await differing(lab)).toEqual([]);
    },
    STORY_MS,
  );

  test(
    'one that goes while changes are captured is in nobody’s way once the target has followed',
    async () => {
      await lab.source.sql(`DROP TABLE public.events_2026_09${cascade}`);
      const remedy = await eventually(
        'it to be told',
        async () =>
          (await stateOf(lab)).alarms.find(({id, seen}) => id.startsWith('schema.drift') && seen.includes('2026_09'))
            ?.remedy ?? null,
        240_000,
      );
      await guardedAgain(lab);
      expect(await uncaptured(lab)).toEqual([]);
      await carryOut(lab, remedy, {application: null});
      await mustEndWell(lab, 'compare', '--again');
      await eventually(
        'the drift to be over',
        async () => ((await stateOf(lab)).schemaDrift.total === 0 ? true : null),
        180_000,
      );
      await mustEndWell(lab, 'cutover', '--yes', 'rehearsal', '--plain');
      expect((await stateOf(lab)).cutover?.status).toBe('handed-over');
      const months = 'SELECT month, count(*), sum(id) FROM public.events GROUP BY 1 ORDER BY 1';
      expect(await lab.target.sql(months)).toEqual(await lab.source.sql(months));
    },
    STORY_MS,
  );
});
