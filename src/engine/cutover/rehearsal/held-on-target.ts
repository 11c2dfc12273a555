import {printable} from '../../../domain/base/printable.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import {readWriteBlockers, type Blocker} from '../../../pg/replication/blockers.ts';
import {found, listedOut} from '../../preflight/found.ts';
import type {StepContext} from '../../step.ts';
import {howToEnd} from '../../waiting/how-to-end.ts';
import {readFencedTables} from '../moved-tables.ts';

const {blocker, warning} = found('cutover', 'target');

/** What somebody has for as long as this is not let go between two tries of the cutover's. */
const PASSES_SECONDS = 5;

/** Who holds locks on the target's tables that nothing gets past: no change that is applied, no trigger or key that comes back, no row that is compared. One statement on the target. */
export async function readHeldOnTarget(ctx: StepContext): Promise<Finding[]> {
  const target = await ctx.session('target');
  return judgeHeld(await target.run(readWriteBlockers(target.version, await readFencedTables(ctx))));
}

/** Whoever has held one for a moment alone, as TRUNCATE that is applied, or is a process of the server, stops nothing. Pure. */
export function judgeHeld(blockers: readonly Blocker[]): Finding[] {
  if (blockers.length === 0) return [];
  const isKept = blockers.some(
    ({pid, prepared, seconds}) =>
      (pid !== null || prepared !== null) && (seconds === null || seconds >= PASSES_SECONDS),
  );
  return [
    (isKept ? blocker : warning)(
      'held',
      `somebody holds locks on the target's tables, against which changes are not applied there and nothing is brought back: ${listedOut(blockers.map(({what}) => printable(what)))}`,
      howToEnd(blockers, {on: 'target', limit: null}),
    ),
  ];
}

/** Whether these findings say that tables of the target are held. Pure. */
export function isHeld(findings: readonly Finding[]): boolean {
  return findings.some(({check}) => check === 'cutover.held');
}
