import {Command} from 'commander';
import {printable} from '../../../domain/base/printable.ts';
import {formatRelation} from '../../../domain/pg/relation.ts';
import {reduceAll} from '../../../domain/run/reduce.ts';
import type {RunState} from '../../../domain/run/run-state.ts';
import {isTargetClosed, WRITES} from '../../../domain/run/capture/read-only-target.ts';
import {describeChange, openChanges} from '../../../domain/run/drift/schema-change.ts';
import {readJournal} from '../../../engine/run/journal.ts';
import {inOneLine} from '../../../pg/objects/one-line.ts';
import {openRun, type Env} from '../../run/open-run.ts';
import {say} from '../../say.ts';

/** `longhaul drift`: what the source's schema has that the target does not have yet, as the supervisor has seen it last; 1 where there is anything. */
export function driftCommand(env: Env): Command {
  return new Command('drift')
    .description(
      "what has changed in the source's schema since P, with the SQL that makes the target follow; exit 1 where anything has",
    )
    .option('--json', 'as JSON')
    .option('--sql', 'the statements alone, in the order in which they can be run: for psql')
    .action(async (_, command: Command) => {
      const flags = command.optsWithGlobals<{config: string; json?: boolean; sql?: boolean}>();
      const run = await openRun(flags.config, env);
      const state = reduceAll(await readJournal(run.folder.journal));
      process.exitCode = openChanges(state.schemaDrift).length === 0 ? 0 : 1;
      if (flags.json === true) console.log(JSON.stringify(state.schemaDrift, null, 2));
      else for (const line of flags.sql === true ? statementsOf(state) : describeSchemaDrift(state)) say(run, line);
    });
}

/** Each change with what makes the target follow, and the tables whose rows DDL has written. Pure. */
export function describeSchemaDrift({schemaDrift: {total, changes, filled}, boundary}: RunState): string[] {
  if (boundary === null) return ['There is no P yet: what changes now is moved as it is at P.'];
  return [
    ...changes.flatMap((one) => [
      `CHANGED   ${describeChange(one)}`,
      `    on the target: ${one.statement === null ? 'make it as pg_dump -s of the source has it' : inOneLine(one.statement)}`,
    ]),
    ...filled.map(
      ({table, how}) =>
        `WRITTEN   ${formatRelation(table)}: ${how}. No change capture carries that: the table has to be compared`,
    ),
    total === 0
      ? 'Nothing is known to have changed in the schema of the source since P that the target has not followed.'
      : `${total} changes of the source's schema since P that the target has not followed${total > changes.length ? `; the first ${changes.length} are told` : ''}.`,
  ].map((line) => printable(line));
}

function statementsOf({schemaDrift: {changes}, claimed}: RunState): string[] {
  const statements = changes.flatMap(({statement}) => (statement === null ? [] : [`${inOneLine(statement)};`]));
  const isClosed = statements.length > 0 && isTargetClosed(claimed);
  return [...(isClosed ? [`${WRITES};`] : []), ...new Set(statements)];
}
