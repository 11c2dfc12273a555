import type {SlotReading} from '../../../src/domain/reading/reading.ts';
import type {Lab} from '../../../src/lab/lab.ts';
import {readSlots} from '../../../src/pg/replication/slots.ts';
import {NEW_RUN} from '../../../src/domain/run/run-state.ts';
import {wraparoundProbe} from '../../../src/probes/watched/wraparound.ts';
import {at, due, GB, slots as slotsReading, thresholds} from '../../probes/judge/observed.ts';
import {connectTo, run} from '../../support/application.ts';
import {bySql, withContext, type Said, type Situation} from './situation.ts';

/** The alarms about the slots of the server as they are, as if WAL grew by a megabyte a minute. */
async function slotAlarms(lab: Lab, change: Partial<SlotReading> = {}): Promise<Said[]> {
  return withContext(lab, async (ctx) => {
    const source = await ctx.session('source');
    const seen = (await source.run(readSlots(source.version)))
      .filter(({name}) => name === 'watched')
      .map((slot): Partial<SlotReading> => ({...slot, ours: true, ...change}));
    const readings = Array.from({length: 30}, (_, minute) => slotsReading(minute, ...seen));
    return due(30, readings).map(({id, remedy}) => ({id: id.split(':')[0] ?? '', remedy}));
  });
}

const watched = (settings: string) => async (lab: Lab) => {
  await bySql(`SELECT pg_create_logical_replication_slot('watched', 'pglogical'); ${settings}`)(lab);
  return async () =>
    bySql("SELECT pg_drop_replication_slot('watched') FROM pg_replication_slots WHERE slot_name = 'watched'")(lab);
};

const capped = (size: string): string =>
  `ALTER SYSTEM SET max_slot_wal_keep_size = '${size}'; SELECT pg_reload_conf(); SELECT pg_sleep(0.2)`;

/** The alarms about wraparound of the server as it is, if a thousand transactions were a billion. */
async function wraparoundAlarms(lab: Lab): Promise<Said[]> {
  return withContext(lab, async (ctx) => {
    const body = await wraparoundProbe(1, () => NEW_RUN).read(await ctx.session('source'));
    const limits = {...thresholds, wraparoundAge: 1000};
    return due(1, [{...body, at: at(1)}], NEW_RUN, limits).map(({id, remedy}) => ({
      id: id.split(':')[0] ?? '',
      remedy,
    }));
  });
}

const BURN = `CREATE TEMP TABLE burnt (a int);
  DO $$ BEGIN FOR i IN 1..1500 LOOP BEGIN INSERT INTO burnt VALUES (i); EXCEPTION WHEN OTHERS THEN RAISE; END; END LOOP; END $$`;

async function burnTransactions(lab: Lab): Promise<void> {
  await bySql(BURN)(lab);
  for (const database of ['postgres', 'template1']) {
    const session = await connectTo(lab.source, {user: 'postgres', database});
    await run(session, 'VACUUM (FREEZE)');
    await session.end();
  }
}

/** Alarms about slots, and about wraparound. */
export const ALARMS: readonly Situation[] = [
  {id: 'slot.cap', when: 'a slot of ours is killed within the hour', ask: slotAlarms, arise: watched(capped('32MB'))},
  {
    id: 'slot.unreserved',
    when: 'the WAL of a slot of ours goes at the next checkpoint',
    ask: slotAlarms,
    arise: watched(
      `${capped('16MB')}; ${'CREATE TABLE shop.wal (); DROP TABLE shop.wal; SELECT pg_switch_wal(); '.repeat(5)}`,
    ),
  },
  {
    id: 'slot.retained',
    when: 'somebody’s slot that nobody reads holds WAL',
    ask: async (lab) => slotAlarms(lab, {ours: false, retainedBytes: 300 * GB}),
    arise: watched('SELECT 1'),
  },
  {
    id: 'wraparound.xid',
    when: 'the database was last frozen long ago',
    ask: wraparoundAlarms,
    arise: burnTransactions,
  },
];
