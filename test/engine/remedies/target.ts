import type {Lab} from '../../../src/lab/lab.ts';
import {foreignObjects, foreignRows, readTargetContent} from '../../../src/engine/load/target-content.ts';
import {countLargeObjects} from '../../../src/pg/load/large-objects.ts';
import {bySql, expectRows, withContext, type Situation} from './situation.ts';

const onTarget = (text: string) => async (lab: Lab) => {
  await lab.target.sql(text);
};

/** Rights on the target. */
export const TARGET: readonly Situation[] = [
  {
    id: 'target.create',
    when: 'the role may make no schema there',
    arise: onTarget('ALTER DATABASE app OWNER TO postgres'),
  },
  {id: 'target.create-role', when: 'the role may make no roles', arise: onTarget('ALTER ROLE longhaul NOCREATEROLE')},
  {
    id: 'target.extension-rights',
    when: 'an extension of the source wants a superuser',
    arise: bySql('CREATE EXTENSION pageinspect'),
  },
  {
    id: 'target.replication-role',
    when: 'change capture would fire foreign keys',
    arise: onTarget('REVOKE SET ON PARAMETER session_replication_role FROM longhaul'),
    alternative: 1,
  },
  {
    id: 'full-load.foreign-rows',
    when: 'a table of the target has rows that nobody loaded',
    ask: async (lab) =>
      withContext(lab, async (ctx) => {
        const content = await readTargetContent(ctx, [{schema: 'kept', name: 'Of; Old'}], {changesNothing: true});
        return foreignRows('full-load', content).map(({check: id, remedy}) => ({id, remedy}));
      }),
    arise: async (lab) => {
      await lab.target.sql(`CREATE SCHEMA kept AUTHORIZATION longhaul; SET ROLE longhaul;
        CREATE TABLE kept."Of; Old" (id integer); INSERT INTO kept."Of; Old" VALUES (1)`);
      return async () => void (await lab.target.sql('DROP SCHEMA kept CASCADE'));
    },
    holds: async ({target}) => expectRows(target, 'SELECT count(*) FROM kept."Of; Old"', '0'),
  },
  {
    id: 'full-load.foreign-objects',
    when: 'the target has large objects that nobody loaded',
    ask: async (lab) =>
      withContext(lab, async (ctx) => {
        const {objects} = await (await ctx.session('target')).one(countLargeObjects());
        return foreignObjects('full-load', objects).map(({check: id, remedy}) => ({id, remedy}));
      }),
    arise: onTarget('SELECT lo_create(0) FROM generate_series(1, 3)'),
  },
];
