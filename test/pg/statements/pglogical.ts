import {peekPglogical, readPglogicalChangedSince} from '../../../src/pg/capture/pglogical-peek.ts';
import {readPglogicalTarget, readWorkerSettings} from '../../../src/pg/capture/pglogical-target.ts';
import * as pglogical from '../../../src/pg/capture/pglogical.ts';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import {createNode} from '../../../src/pg/replication/pglogical.ts';
import {createLogicalSlot, dropSlot} from '../../../src/pg/replication/slots.ts';
import {sql, type Statement} from '../../../src/pg/session/statement.ts';
import type {Place, Trial} from './trial.ts';

/** Targets run these; in a lab only the source has the extension. */
function onTarget(make: (place: Place) => readonly Statement[]): Trial {
  return {on: ['source'], make, pglogical: true, from: 120_000};
}

/** What needs a second server, or commits by itself: the server resolves every name and type of it, and does nothing. */
function explained({text, values}: Statement): Statement {
  return sql(`EXPLAIN ${text}`, values);
}

const DSN = {dsn: 'dbname=app', shownDsn: ''};
const NODE = createNode('tried', 'dbname=app');

/** What change capture by pglogical's subscriptions rests on; the whole of it is in test/e2e. */
export const PGLOGICAL: Readonly<Record<string, Trial>> = {
  createTargetNode: onTarget(() => [pglogical.createTargetNode('tried', DSN)]),
  createPglogicalSubscription: onTarget(() => [
    explained(pglogical.createPglogicalSubscription({name: 'tried', sets: ['tried'], ...DSN})),
  ]),
  readPglogicalSubscriptions: onTarget(() => [NODE, pglogical.readPglogicalSubscriptions(['tried'])]),
  disablePglogicalSubscription: onTarget(() => [explained(pglogical.disablePglogicalSubscription('tried'))]),
  enablePglogicalSubscription: onTarget(() => [explained(pglogical.enablePglogicalSubscription('tried'))]),
  dropPglogicalSubscription: onTarget(() => [NODE, pglogical.dropPglogicalSubscription('tried')]),
  advancePglogicalOrigin: onTarget(() => [pglogical.advancePglogicalOrigin('tried', parseLsn('0/1'))]),
  setStrict: {
    ...onTarget(() => [pglogical.setStrict('app'), pglogical.resetStrict('app')]),
    superuserBefore: Number.POSITIVE_INFINITY,
  },
  resetStrict: {...onTarget(() => [pglogical.resetStrict('app')]), superuserBefore: Number.POSITIVE_INFINITY},
  readOtherKinds: onTarget(() => [pglogical.readOtherKinds([{schema: 'public', name: 'events'}])]),
  readPglogicalTarget: onTarget(({version}) => [readPglogicalTarget(version)]),
  readWorkerSettings: onTarget(() => [readWorkerSettings(['lock_timeout'])]),
  endSlotCreation: {on: ['source'], make: () => [pglogical.endSlotCreation('nobody')]},
  peekPglogical: {
    on: ['source'],
    pglogical: true,
    alone: true,
    make: () => [
      createLogicalSlot('tried', 'pglogical_output'),
      peekPglogical('tried', {sets: ['tried'], after: parseLsn('0/1'), enough: 1}),
      dropSlot('tried'),
    ],
  },
  readPglogicalChangedSince: {
    on: ['source'],
    pglogical: true,
    alone: true,
    make: () => [
      createLogicalSlot('tried', 'pglogical_output'),
      readPglogicalChangedSince('tried', ['tried'], parseLsn('0/1')),
      dropSlot('tried'),
    ],
  },
};
