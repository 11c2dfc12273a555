import {rehearseCheck, rehearseIndex, rehearseTrigger, type Rehearsal} from '../../../src/pg/as-here.ts';
import {readChecks, readTableMarks, type CheckRow} from '../../../src/pg/checks.ts';
import {
  emptyExtensionTable,
  extensionTableHasRows,
  readExtensionTables,
  type ExtensionTableRow,
} from '../../../src/pg/extension-tables.ts';
import {queryForBroken, queryForDuplicates, queryForOrphans} from '../../../src/pg/offending-rows.ts';
import {
  addCheck,
  clusterOff,
  findOwnPath,
  forgetPath,
  setReplicaIdentity,
  validateConstraint,
} from '../../../src/pg/restore.ts';
import {sql, type Statement} from '../../../src/pg/statement.ts';
import {INDEX, KEY, MAKE_TABLE, TABLE, TRIGGER, WITH_INDEX, WITH_KEY} from './on-target.ts';
import {onTarget, reads, type Trial} from './trial.ts';

const CHECK: CheckRow = {
  schema: 'public',
  table: 'tried',
  name: 'Tried "one"',
  definition: 'CHECK (("to" > 0)) NOT VALID',
  validated: false,
  condition: '("to" > 0)',
  inherited: false,
};
const EXTENSION: ExtensionTableRow = {extension: 'tried', sequence: false, ...TABLE, condition: 'WHERE id > 0'};
const ELEVEN = 110_000;

function queried(text: string | null): Statement[] {
  return text === null ? [] : [sql(text)];
}

function rehearsed({statements, ask}: Rehearsal): Statement[] {
  return [MAKE_TABLE, ...statements, ask];
}

/** What compares definitions and states, and makes them so. */
export const ON_DEFINITIONS: Readonly<Record<string, Trial>> = {
  readChecks: reads(readChecks),
  readTableMarks: reads(readTableMarks),
  readExtensionTables: reads(readExtensionTables),
  extensionTableHasRows: onTarget(() => [MAKE_TABLE, extensionTableHasRows(EXTENSION)]),
  emptyExtensionTable: onTarget(() => [MAKE_TABLE, emptyExtensionTable(EXTENSION)]),
  addCheck: onTarget(() => [MAKE_TABLE, addCheck(CHECK)]),
  validateConstraint: onTarget(() => [MAKE_TABLE, addCheck(CHECK), validateConstraint(CHECK)]),
  clusterOff: onTarget(() => [MAKE_TABLE, clusterOff(TABLE)]),
  setReplicaIdentity: onTarget(() => [
    MAKE_TABLE,
    setReplicaIdentity({schema: 'public', table: 'tried', replicaIdentity: 'f'}),
  ]),
  findOwnPath: onTarget(() => [findOwnPath()]),
  forgetPath: onTarget(() => [forgetPath()]),
  rehearseIndex: onTarget(() => rehearsed(rehearseIndex(INDEX)), ELEVEN),
  rehearseCheck: onTarget(() => rehearsed(rehearseCheck(CHECK))),
  rehearseTrigger: onTarget(() => rehearsed(rehearseTrigger(TRIGGER))),
  queryForOrphans: onTarget(() => [...WITH_KEY, ...queried(queryForOrphans(KEY))]),
  queryForDuplicates: onTarget(() => [...WITH_INDEX, ...queried(queryForDuplicates(INDEX))]),
  queryForBroken: onTarget(() => [MAKE_TABLE, ...queried(queryForBroken(CHECK))]),
};
