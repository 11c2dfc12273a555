import {peekPglogical, readPglogicalChangedSince} from '../../../src/pg/capture/pglogical-peek.ts';
import {
  allowPassingOver,
  passOver,
  passOverNoMore,
  readPassedOver,
  readPglogicalTarget,
  readWorkerSettings,
} from '../../../src/pg/capture/pglogical-target.ts';
import * as back from '../../../src/pg/capture/pglogical-back.ts';
import * as pglogical from '../../../src/pg/capture/pglogical.ts';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import {createNode, dropNode} from '../../../src/pg/replication/pglogical.ts';
import {createLogicalSlot, dropSlot} from '../../../src/pg/replication/slots.ts';
import {sql, type Statement} from '../../../src/pg/session/statement.ts';
import type {Place, Trial} from './trial.ts';

/** Targets run these, and for the way back a source; in a lab only that has the extension. */
function onTarget(make: (place: Place) => readonly Statement[]): Trial {
  return {on: ['source'], make, pglogical: true, from: 90_600};
}

/** What needs a second server, or commits by itself: the server resolves every name and type of it, and does nothing. */
function explained({text, values}: Statement): Statement {
  return sql(`EXPLAIN ${text}`, values);
}

const DSN = {dsn: 'dbname=app', shownDsn: ''};
const TABLE = {schema: 'public', name: 'events'};
const NODE = createNode('tried', 'dbname=app');

/** A slot of its own, and the node whose sets it is peeked for: neither comes back with a transaction. */
function peeks(slot: string, peek: () => Statement): Trial {
  return {
    on: ['source'],
    pglogical: true,
    alone: true,
    make: () => [
      createNode(slot, 'dbname=app'),
      createLogicalSlot(slot, 'pglogical_output'),
      peek(),
      dropSlot(slot),
      dropNode(slot),
    ],
  };
}

/** A lab's role has the rights for these only where its engine is pglogical. */
const SUPERUSER = {superuserBefore: Number.POSITIVE_INFINITY} as const;

/** What change capture by pglogical's subscriptions rests on; the whole of it is in test/e2e. */
export const PGLOGICAL: Readonly<Record<string, Trial>> = {
  createTargetNode: onTarget(() => [pglogical.createTargetNode('tried', DSN)]),
  createPglogicalSubscription: onTarget(() => [
    explained(pglogical.createPglogicalSubscription({name: 'tried', sets: ['tried'], ...DSN})),
  ]),
  readPglogicalSubscriptions: {
    ...onTarget(({version}) => [NODE, pglogical.readPglogicalSubscriptions(['tried'], version)]),
    ...SUPERUSER,
  },
  addSetToSubscription: onTarget(() => [explained(pglogical.addSetToSubscription('tried', 'itried'))]),
  disablePglogicalSubscription: onTarget(() => [explained(pglogical.disablePglogicalSubscription('tried'))]),
  enablePglogicalSubscription: onTarget(() => [explained(pglogical.enablePglogicalSubscription('tried'))]),
  readProviderInterfaces: onTarget(() => [NODE, pglogical.readProviderInterfaces('tried', 'md5')]),
  addInterface: onTarget(() => [NODE, pglogical.addInterface({node: 'tried', name: 'longhaul_2'}, DSN)]),
  takeInterface: onTarget(() => [explained(pglogical.takeInterface('tried', 'longhaul_2'))]),
  dropPglogicalSubscription: onTarget(() => [NODE, pglogical.dropPglogicalSubscription('tried')]),
  advancePglogicalOrigin: {
    ...onTarget(() => [pglogical.advancePglogicalOrigin('tried', parseLsn('0/1'))]),
    ...SUPERUSER,
  },
  setStrict: {
    ...onTarget(() => [pglogical.setStrict('app'), pglogical.resetStrict('app')]),
    ...SUPERUSER,
  },
  resetStrict: {...onTarget(() => [pglogical.resetStrict('app')]), ...SUPERUSER},
  readOtherKinds: onTarget(() => [pglogical.readOtherKinds([{schema: 'public', name: 'events'}])]),
  readPglogicalTarget: onTarget(({version}) => [readPglogicalTarget(version)]),
  allowPassingOver: {...onTarget(() => [sql(allowPassingOver('longhaul'))]), ...SUPERUSER},
  passOver: {...onTarget(() => [NODE, passOver('tried', TABLE)]), ...SUPERUSER},
  passOverNoMore: {...onTarget(() => [NODE, passOverNoMore('tried', TABLE)]), ...SUPERUSER},
  readPassedOver: onTarget(() => [NODE, readPassedOver(['tried'])]),
  readWorkerSettings: onTarget(() => [readWorkerSettings(['lock_timeout'])]),
  addSubscriptionSet: onTarget(() => [explained(back.addSubscriptionSet('tried', 'tried'))]),
  removeSubscriptionSet: onTarget(() => [explained(back.removeSubscriptionSet('tried', 'tried'))]),
  readOwnInterface: onTarget(() => [NODE, back.readOwnInterface()]),
  replaceOwnInterface: onTarget(() => [NODE, back.replaceOwnInterface({node: 'tried', name: 'tried'}, DSN)]),
  readOtherSubscriptions: onTarget(() => [NODE, back.readOtherSubscriptions(['tried'])]),
  endSlotCreation: {on: ['source'], make: () => [pglogical.endSlotCreation('nobody')]},
  peekPglogical: peeks('tried_first', () =>
    peekPglogical('tried_first', {sets: ['default'], after: parseLsn('0/1'), enough: 1}),
  ),
  readPglogicalChangedSince: peeks('tried_since', () =>
    readPglogicalChangedSince('tried_since', ['default'], parseLsn('0/1')),
  ),
};
