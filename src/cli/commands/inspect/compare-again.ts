import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {printable} from '../../../domain/base/printable.ts';
import {counted, formatCount} from '../../../domain/base/units.ts';
import {describeLeftOut} from '../../../domain/run/again/again-entry.ts';
import type {RelationName} from '../../../domain/pg/relation.ts';
import type {JournalEntry} from '../../../domain/run/event.ts';
import {describeComparison} from '../../../domain/run/row-difference.ts';
import {isListening} from '../../../engine/wire/probe-socket.ts';
import type {WireClient} from '../../../engine/wire/client.ts';
import type {OpenRun} from '../../run/open-run.ts';
import {startProgress} from '../../run/progress-line.ts';
import {say} from '../../say.ts';
import {noSupervisor, wireClient} from '../../supervisor/send.ts';
import {connected} from '../../supervisor/wait-for-end.ts';

/** What of `longhaul compare` is about rows while change capture runs. */
export interface AgainFlags {
  readonly again?: boolean;
  readonly converging?: boolean;
  readonly json?: boolean;
}

type Compared = Extract<JournalEntry, {type: 'again.compared'}>;

/**
 * Has the supervisor compare rows while change capture runs, and waits for the end: it holds apply and replay, and lets both go on, whatever becomes of who asks. Gives
 * the exit code: 1 where something differs.
 */
export async function compareRowsAgain(run: OpenRun, tables: readonly string[], flags: AgainFlags): Promise<0 | 1> {
  if (!(await isListening(run.folder.socket))) throw noSupervisor(run);
  const client = wireClient(run, 'command line');
  const progress = startProgress(process.stderr, () => performance.now());
  const compared: Compared[] = [];
  let leftOut: readonly RelationName[] = [];
  try {
    await connected(client);
    const end = waitForEnd(client, (one) => {
      if (one.type === 'again.begun') {
        leftOut = one.leftOut ?? [];
        // Behind an outage it begins anew.
        compared.length = 0;
      }
      if (one.type !== 'again.compared') return;
      compared.push(one);
      progress.say(printable(`${counted(compared.length, 'table')}: ${one.table.schema}.${one.table.name}`));
    });
    // Whoever waits for it hears of a connection that is lost; without an order nobody waits.
    end.catch(() => undefined);
    const order = {type: 'compare-again', tables, converging: flags.converging === true} as const;
    const reply = await client.send(order);
    if (!reply.ok) throw new LonghaulError({code: 'failed', message: reply.message, remedy: reply.remedy});
    const {failure} = await end;
    if (failure !== null) throw new LonghaulError({code: 'failed', message: failure.message, remedy: failure.remedy});
  } finally {
    progress.end();
    client.close();
  }
  if (flags.json === true)
    console.log(JSON.stringify({leftOut, compared: compared.map((one) => asJson(one))}, null, 2));
  else tell(run, compared, {leftOut, all: tables.length > 0});
  return compared.some(({rowsThatDiffer}) => rowsThatDiffer !== undefined) ? 1 : 0;
}

async function waitForEnd(
  client: WireClient,
  hear: (entry: JournalEntry) => void,
): Promise<Extract<JournalEntry, {type: 'again.ended'}>> {
  return new Promise((resolve, reject) => {
    client.on((event) => {
      if (event.type === 'lost' || event.type === 'refused')
        reject(
          new LonghaulError({
            code: 'failed',
            message: `the connection to the supervisor is lost: ${event.type === 'lost' ? event.why : event.message}`,
            remedy:
              'longhaul status says how far the comparison is; one that its supervisor has left is taken back by the next: longhaul run',
          }),
        );
      if (event.type !== 'event') return;
      hear(event.entry);
      if (event.entry.type === 'again.ended') resolve(event.entry);
    });
  });
}

function asJson({table, how, replicaRows, targetRows, rowsThatDiffer, undecided}: Compared): object {
  return {table, how, replicaRows, targetRows, undecided, rows: rowsThatDiffer ?? null};
}

/** So many rows of a table are printed. */
const TOLD = 20;

function tell(
  run: OpenRun,
  compared: readonly Compared[],
  {leftOut, all}: {readonly leftOut: readonly RelationName[]; readonly all: boolean},
): void {
  const differing = compared.filter(({rowsThatDiffer}) => rowsThatDiffer !== undefined);
  for (const {rowsThatDiffer, ...one} of all ? compared : differing) {
    const rows = rowsThatDiffer === undefined ? {} : {rowsThatDiffer};
    const words = describeComparison({...one, ...rows, how: 'rows', monthsThatDiffer: []}, TOLD);
    for (const line of words.split('; ')) say(run, printable(line));
  }
  const undecided = compared.reduce((sum, one) => sum + one.undecided, 0);
  if (undecided > 0) say(run, `${counted(undecided, 'row')} written to in every round, neither equal nor different`);
  const count = formatCount(compared.reduce((sum, {replicaRows}) => sum + replicaRows, 0));
  const how = compared.every((one) => one.how === 'fence')
    ? 'replica and target held at one commit'
    : 'while both sides went on';
  const end = differing.length === 0 ? 'all equal' : `${differing.length} DIFFER`;
  const others =
    leftOut.length === 0 ? '' : printable(`${describeLeftOut(leftOut)} (longhaul compare --again TABLE compares one)`);
  say(run, `${counted(compared.length, 'table')} compared, ${how}: every row, ${count} of them; ${end}${others}`);
}
