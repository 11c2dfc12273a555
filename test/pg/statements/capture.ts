import * as publications from '../../../src/pg/capture/publications.ts';
import * as reverse from '../../../src/pg/capture/reverse.ts';
import * as sentinels from '../../../src/pg/capture/sentinels.ts';
import * as subscriptions from '../../../src/pg/capture/subscriptions.ts';
import {findExceptions, readExceptions} from '../../../src/pg/capture/dms-exceptions.ts';
import {readLosses} from '../../../src/pg/capture/dms-losses.ts';
import {peekFirst} from '../../../src/pg/capture/peek.ts';
import {createLogicalSlot, dropSlot, readDecoded} from '../../../src/pg/replication/slots.ts';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import * as adoption from '../../../src/pg/capture/adoption.ts';
import * as readOnly from '../../../src/pg/capture/read-only.ts';
import {readSpilled, readSpilledBytes} from '../../../src/pg/capture/spill.ts';
import {readServerHistory} from '../../../src/pg/replication/server-history.ts';
import {readTimeouts} from '../../../src/pg/session/settings.ts';
import {sql, type Statement} from '../../../src/pg/session/statement.ts';
import {onTarget, reads, type Place, type Trial} from './trial.ts';

/** A lab's role has the rights for these only where its engine is native. */
const SUPERUSER = {superuserBefore: Number.POSITIVE_INFINITY, from: 100_000} as const;

const EVENTS = {schema: 'public', name: 'events'};
const TRIED = {schema: 'public', name: 'tried'};
const MAKE_TRIGGERED = sql(
  'CREATE TABLE public.tried (id integer); CREATE TRIGGER tried BEFORE UPDATE ON public.tried FOR EACH ROW EXECUTE PROCEDURE pg_catalog.suppress_redundant_updates_trigger()',
);
const SENTINELS = [sentinels.createSentinelSchema(), sentinels.createSentinel('tried')] as const;
const SEEN = [{slot: 'tried', newest: 0}];

function onSource(make: (place: Place) => readonly Statement[]): Trial {
  return {...SUPERUSER, on: ['source'], make};
}

function publish({version}: Place, insertsOnly = false): Statement {
  return publications.createPublication({name: 'tried', insertsOnly, tables: [EVENTS]}, version);
}

/** Of a subscription that never connects but to the server itself, when it is made. */
function subscribed(make: (place: Place) => readonly Statement[]): Trial {
  const one = {name: 'tried', publications: ['tried'], slot: 'tried', shownDsn: ''};
  return {
    ...SUPERUSER,
    on: ['target'],
    make: (place) => [subscriptions.createSubscription({...one, dsn: place.conninfo}, place.version), ...make(place)],
  };
}

/** What change capture by publications and subscriptions rests on. */
export const CAPTURE: Readonly<Record<string, Trial>> = {
  createPublication: onSource((place) => [publish(place), publications.dropPublication('tried'), publish(place, true)]),
  dropPublication: onSource((place) => [publish(place), publications.dropPublication('tried')]),
  addToPublication: onSource((place) => [
    publications.createPublication({name: 'tried', insertsOnly: false, tables: []}, place.version),
    publications.addToPublication('tried', EVENTS),
  ]),
  dropFromPublication: onSource((place) => [publish(place), publications.dropFromPublication('tried', EVENTS)]),
  publishAgain: onSource((place) => [
    publish(place, true),
    publications.publishAgain({name: 'tried', insertsOnly: false}, place.version),
  ]),
  readUnidentified: onSource((place) => [publish(place), publications.readUnidentified(['tried'])]),
  readPublications: onSource((place) => [publish(place), publications.readPublications(['tried'])]),
  readUniqueKeys: onSource(() => [publications.readUniqueKeys([{schema: 'public', name: 'events'}])]),
  readPublishable: onSource(() => [publications.readPublishable()]),
  createSentinelSchema: onSource(() => SENTINELS),
  createSentinel: onSource(() => SENTINELS),
  dropSentinel: onSource(() => [...SENTINELS, sentinels.dropSentinel('tried')]),
  dropSentinelSchema: onSource(() => [sentinels.createSentinelSchema(), sentinels.dropSentinelSchema()]),
  readSentinelTables: onSource(() => [...SENTINELS, sentinels.readSentinelTables()]),
  writeSentinels: onSource(() => [...SENTINELS, sentinels.writeSentinels(['tried'])]),
  countSentinels: onSource(() => [...SENTINELS, sentinels.countSentinels(['tried'])]),
  readSentinels: onSource(() => [...SENTINELS, sentinels.readSentinels('tried')]),
  mendSentinels: onSource(() => [
    ...SENTINELS,
    sentinels.writeSentinels(['tried']),
    sentinels.mendSentinels('tried', [{n: 1, at: '2026-11-28 06:00:00.000001+00'}], 1),
  ]),
  readSentinelsSince: onSource(() => [...SENTINELS, sentinels.readSentinelsSince(SEEN)]),
  attachSlot: subscribed(() => [reverse.attachSlot('tried', 'tried')]),
  readFiringTriggers: {from: 90_400, on: ['source', 'target'], make: () => [reverse.readFiringTriggers([EVENTS])]},
  switchTrigger: onTarget(() => [
    MAKE_TRIGGERED,
    ...(['ALWAYS', 'REPLICA'] as const).flatMap((fires) =>
      [true, false].map((isOn) => reverse.switchTrigger({...TRIED, trigger: 'tried', fires}, isOn)),
    ),
  ]),
  createSubscription: subscribed(() => []),
  hushLog: {...SUPERUSER, on: ['target'], make: () => [subscriptions.hushLog(true), subscriptions.hushLog(false)]},
  reconnectSubscription: subscribed(({conninfo}) => [
    subscriptions.reconnectSubscription('tried', {dsn: conninfo, shownDsn: ''}),
  ]),
  readSubscriptions: subscribed(({version}) => [subscriptions.readSubscriptions(['tried'], version)]),
  advanceOrigin: subscribed(() => [subscriptions.advanceOrigin('tried', parseLsn('0/1'))]),
  enableSubscription: subscribed(() => [subscriptions.enableSubscription('tried')]),
  refreshSubscription: {
    ...subscribed(() => [
      subscriptions.enableSubscription('tried'),
      subscriptions.refreshSubscription('tried'),
      subscriptions.disableSubscription('tried'),
      subscriptions.detachSlot('tried'),
      subscriptions.dropSubscription('tried'),
    ]),
    alone: true,
  },
  setPublications: {
    ...subscribed(() => [
      subscriptions.enableSubscription('tried'),
      subscriptions.setPublications('tried', ['tried', 'itried']),
      subscriptions.disableSubscription('tried'),
      subscriptions.detachSlot('tried'),
      subscriptions.dropSubscription('tried'),
    ]),
    alone: true,
  },
  readUnapplied: subscribed(() => [subscriptions.readUnapplied([{slot: 'tried', ...EVENTS}])]),
  peekFirst: {
    ...onSource((place) => [
      publish(place),
      createLogicalSlot('tried', 'pgoutput'),
      peekFirst('tried', {publications: ['tried'], after: parseLsn('0/1'), enough: 1}),
      dropSlot('tried'),
      publications.dropPublication('tried'),
    ]),
    alone: true,
  },
  skipTransaction: {
    ...subscribed(({version}) => [subscriptions.skipTransaction('tried', parseLsn('0/1'), version)]),
    from: 150_000,
  },
  disableSubscription: subscribed(() => [subscriptions.disableSubscription('tried')]),
  detachSlot: subscribed(() => [subscriptions.detachSlot('tried')]),
  dropSubscription: subscribed(() => [subscriptions.detachSlot('tried'), subscriptions.dropSubscription('tried')]),
  readSubscriptionRights: {
    from: 100_000,
    on: ['target'],
    make: ({version}) => [subscriptions.readSubscriptionRights(version)],
  },
  readForeignOwners: {
    from: 100_000,
    on: ['target'],
    make: ({version}) => [subscriptions.readForeignOwners(version, [{schema: 'public', name: 'none'}])],
  },
  readLosses: reads(() => readLosses()),
  findExceptions: reads(() => findExceptions()),
  readExceptions: {
    on: ['target'],
    make: () => [
      sql(
        'CREATE TABLE public.awsdms_apply_exceptions ("TABLE_OWNER" text, "TABLE_NAME" text, "ERROR_TIME" timestamp, "ERROR" text)',
      ),
      readExceptions({schema: 'public', name: 'awsdms_apply_exceptions'}),
      sql('DROP TABLE public.awsdms_apply_exceptions'),
    ],
  },
  readReadOnlyDefault: reads(() => readOnly.readReadOnlyDefault()),
  setReadOnlyDefault: {
    on: ['target'],
    make: () => [readOnly.setReadOnlyDefault('app', true), readOnly.setReadOnlyDefault('app', false)],
    superuserBefore: Number.POSITIVE_INFINITY,
  },
  readWriters: reads((version) => readOnly.readWriters(version, ['longhaul/%'])),
  readSpilled: {
    on: ['source'],
    make: ({version}) => [readSpilled(version, ['tried'])],
    superuserBefore: Number.POSITIVE_INFINITY,
  },
  readSpilledBytes: {
    on: ['source'],
    make: ({version}) => [readSpilledBytes(version)],
    superuserBefore: Number.POSITIVE_INFINITY,
  },
  readServerHistory: reads((version) => readServerHistory(version)),
  readDecoded: {from: 140_000, on: ['source'], make: ({version}) => [readDecoded(version) ?? sql('')]},
  beginWriting: {on: ['source'], make: () => [adoption.beginWriting(), adoption.rollback()], alone: true},
  beginCopySnapshot: {
    on: ['source'],
    make: () => [adoption.beginCopySnapshot(), adoption.exportSnapshot(), adoption.rollback()],
    alone: true,
  },
  commit: {on: ['source'], make: () => [adoption.beginWriting(), adoption.commit()], alone: true},
  rollback: {on: ['source'], make: () => [adoption.beginWriting(), adoption.rollback()], alone: true},
  exportSnapshot: {on: ['source'], make: () => [adoption.exportSnapshot()]},
  lockAgainstWriters: onSource(() => [
    ...SENTINELS,
    adoption.lockAgainstWriters({schema: 'longhaul_cdc', name: 'tried'}),
  ]),
  readTimeouts: reads(() => readTimeouts(['wal_sender_timeout'])),
  dropSentinelsAfter: onSource(() => [...SENTINELS, sentinels.dropSentinelsAfter('tried', 0)]),
  countSentinelsAfter: onSource(() => [
    ...SENTINELS,
    sentinels.countSentinelsAfter('tried', 0, null),
    sentinels.countSentinelsAfter('tried', 0, 5),
  ]),
  readApplyUsage: {
    from: 90_600,
    on: ['source', 'target'],
    make: ({version}) => [subscriptions.readApplyUsage(version)],
  },
};
