import {COMPARING_AGAIN} from './comparing-again.ts';
import {COMPARING} from './comparing.ts';
import {BINARY} from './binary.ts';
import {CAPTURE} from './capture.ts';
import {CUTOVER, REHEARSAL} from './cutover.ts';
import {PGLOGICAL} from './pglogical.ts';
import {ON_LEDGER} from './on-ledger.ts';
import {ON_OBJECTS} from './on-objects.ts';
import {ON_TARGET} from './on-target.ts';
import {ORDERS} from './orders.ts';
import {PRODUCTION} from './production.ts';
import {READING} from './reading.ts';
import {ROWS} from './rows.ts';
import type {Trial} from './trial.ts';

/** Every exported function of src/pg that gives SQL, by its name. */
export const EVERY_TRIAL: Readonly<Record<string, Trial>> = {
  ...READING,
  ...ROWS,
  ...PRODUCTION,
  ...ON_TARGET,
  ...ON_OBJECTS,
  ...ON_LEDGER,
  ...ORDERS,
  ...COMPARING,
  ...COMPARING_AGAIN,
  ...BINARY,
  ...CAPTURE,
  ...CUTOVER,
  ...REHEARSAL,
  ...PGLOGICAL,
};

/** The exported functions that give none to Longhaul: what some make for people is carried out by test/engine/remedies. Each trial connects by connect. */
export const WITHOUT_SQL: readonly string[] = [
  'isMoved',
  'isRefusal',
  'isSecretSetting',
  'isStale',
  'plainName',
  'chooseDialect',
  'columnText',
  'hashedRows',
  'hashesOf',
  'rowsOf',
  'textForm',
  'valueType',
  'sentinelTable',
  'nextNumber',
  'statisticsKey',
  'tryLogin',
  'factsOf',
  'union',
  'roleOf',
  'commentOf',
  'listOf',
  'mendPart',
  'dropOf',
  'wordOf',
  'catalogsOfObjects',
  'catalogsOfParts',
  'changePart',
  'columnReading',
  'driftReadings',
  'ofUser',
  'otherReadings',
  'ownersOf',
  'readingsByCatalog',
  'relationReadings',
  'renameOf',
  'routineReading',
  'takeBack',
  'watchedCatalogs',
  'columnOf',
  'onWhat',
  'setOptions',
  'TABLE',
  'COLUMN',
  'inOneLine',
  'isTooOld',
  'traced',
  'queryForBroken',
  'queryForDuplicates',
  'queryForOrphans',
  'readAsHere',
  'serverWords',
  'withoutNotValid',
  'connect',
  'connectClient',
  'closeClient',
  'cutClient',
  'deadlineOf',
  'isFirstOfPostgres',
  'identifySystem',
  'streamSlot',
  'healsWithTime',
  'constraintOf',
  'insideOf',
  'holdsRows',
  'maybe',
  'pick',
  'renderStatement',
  'ServerFailure',
  'serverAway',
  'serverError',
  'withoutStatement',
  'settingName',
  'splitNames',
  'sql',
  'sqlStateOf',
  'unreachable',
  'noAnswer',
  'notPostgres',
];
