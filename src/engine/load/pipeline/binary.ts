import {rowsOfUnit} from '../../../domain/run/load-unit.ts';
import {binaryOutScript, NOTE_TAKEN} from '../../../pg/load/binary/binary-out.ts';
import {mustHaveTakenAll} from '../../../pg/load/copy-data.ts';
import {SQLSTATE} from '../../../pg/session/sqlstate.ts';
import {shellCommand} from '../../tools/shell-quote.ts';
import {COPY} from './copy.ts';
import {loadCommand} from './pg-dump.ts';
import {parsePsqlError, type ToolError} from './tool-errors.ts';
import type {Carried, Pipeline} from './pipeline.ts';

/** What the producing psql runs. */
const SCRIPT = 'dump.sql';

/**
 * COPY in binary form by psql on both sides, of one table or a part of it, where choose-method.ts has found every type the same on both servers. Who
 * takes binary rows reads them to the end of the pipe, which is an error before their last one. So nothing can follow them there: how many
 * were sent and the commit token are files, there with their room from the beginning, and written before the pipe ends.
 */
export const BINARY: Pipeline = {
  ...COPY,
  method: 'binary',
  carries: ({kind, tables}) => kind === 'table' && tables.length === 1,
  // The end of the pipe in the middle of binary rows is an error on this side, and the doing of the other one.
  consumer: {...COPY.consumer, errorIn: parseError},
  ends: (carried) => {
    const dump = dumpCommand(carried);
    const load = loadCommand(carried, ['-', SENT, TOKEN]);
    const script = scriptOf(carried);
    return {
      // The pipe is 8, and what psql prints of itself goes nowhere: see binaryOutScript().
      dump: `exec ${dump} 8>&1 > /dev/null\n`,
      load: `exec ${load}\n`,
      shown: `${dump} 8>&1 > /dev/null \\\n  | ${load}\n\n-- ${SCRIPT}\n${script}`,
      files: {[SCRIPT]: script, [SENT]: ROOM},
      afterData: NOTE_TAKEN + mustHaveTakenAll(carried.columns),
      token: TOKEN,
    };
  },
};

const SENT = 'sent';
const TOKEN = 'token';
/** For `\set sent 9223372036854775807`; psql passes over what is left of it. */
const ROOM = `${' '.repeat(80)}\n`;

function parseError(log: string): ToolError | null {
  const error = parsePsqlError(log);
  return error?.sqlstate === SQLSTATE.badCopyFormat ? {...error, sqlstate: null, cutOff: true} : error;
}

function scriptOf({unit, columns: [table], replicaVersion, freeze}: Carried): string {
  if (table === undefined) throw new Error(`bug: ${unit.id} has no table`);
  return binaryOutScript(replicaVersion, {table, part: rowsOfUnit(unit), freeze});
}

function dumpCommand({tools, replica}: Carried): string {
  const settings = ['ON_ERROR_STOP=1', 'VERBOSITY=verbose'].flatMap((setting) => ['-v', setting]);
  return shellCommand([tools.psql.path, '-XAtq', '--no-password', ...settings, '-f', SCRIPT, '-d', replica]);
}
