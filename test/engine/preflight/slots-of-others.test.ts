import {describe, expect, test} from 'vitest';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import {ACTIVE_SLOT, judgeBlockers, judgeForeignSlot} from '../../../src/engine/capture/slots/check-source-slots.ts';
import {howToEnd} from '../../../src/engine/waiting/how-to-end.ts';
import type {Slot} from '../../../src/pg/replication/slots.ts';

const AT = {on: 'source', limit: 'timeouts.create_slot'} as const;

describe('slots of others', () => {
  const slot: Slot = {
    name: 'analytics',
    kind: 'logical',
    plugin: 'pgoutput',
    database: 'app',
    active: true,
    activePid: 4711,
    restartLsn: parseLsn('0/1'),
    confirmedFlushLsn: parseLsn('0/1'),
    retainedBytes: 5,
    walStatus: 'reserved',
    safeWalBytes: null,
    invalidationReason: null,
  };
  test('one that is read is asked about, one that is not is noted, a physical one is nobody’s business', () => {
    expect(judgeForeignSlot(slot, 'dms_slot_').map(({check}) => check)).toEqual([ACTIVE_SLOT]);
    expect(judgeForeignSlot({...slot, active: false}, 'dms_slot_').map(({severity}) => severity)).toEqual(['note']);
    expect(judgeForeignSlot({...slot, kind: 'physical'}, 'dms_slot_')).toEqual([]);
  });

  test('one that is called as ours are blocks, whatever it is: it would be in the way, or be dropped with ours', () => {
    for (const change of [{}, {active: false}, {kind: 'physical' as const}, {database: 'another'}])
      for (const name of ['dms_slot_01', 'dms_slot_of_crm'])
        expect(judgeForeignSlot({...slot, ...change, name}, 'dms_slot_')).toMatchObject([
          {
            check: 'source.slot-name',
            severity: 'blocker',
            remedy: expect.stringContaining(
              `another slots.prefix in longhaul.yaml; or, when nobody needs it, on the source, as superuser: SELECT pg_drop_replication_slot('${name}')`,
            ),
          },
        ]);
    expect(judgeForeignSlot({...slot, name: 'dms_slot'}, 'dms_slot_')).toMatchObject([{check: ACTIVE_SLOT}]);
  });

  test('a transaction whose age may not be seen is no reason to stop, a prepared one is told at any age', () => {
    const blockers = [
      {what: 'pid 1 of app', seconds: null, prepared: null, database: 'app', pid: 1},
      {what: 'pid 2 of app', seconds: 90, prepared: null, database: 'app', pid: 2},
      {what: 'prepared transaction x', seconds: 1, prepared: "it's", database: 'shop', pid: null},
    ];
    expect(judgeBlockers(blockers, 60).map(({seen}) => seen.split(':')[0])).toEqual([
      'pid 2 of app',
      'prepared transaction x',
    ]);
    expect(judgeBlockers(blockers, 60)[1]?.remedy).toBe(
      "ask its owner which is right, for a prepared transaction does not end by itself; where their owners agree that they are rolled back, on the source, as superuser: in database shop: ROLLBACK PREPARED 'it''s'; or, where what was prepared is to be kept, in database shop: COMMIT PREPARED 'it''s'",
    );
    // Of the server's own workers nothing is offered: pglogical's do not all come back.
    expect(howToEnd(blockers, AT)).toContain('SELECT pg_terminate_backend(2); in database shop: ROLLBACK PREPARED');
    expect(howToEnd([{what: 'pid 3', seconds: 1, prepared: null, database: '', pid: null}], AT)).not.toContain(
      'terminate',
    );
  });
});
