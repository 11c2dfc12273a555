import type {Finding} from '../../../domain/run/finding.ts';
import {captureOf} from '../../capture/own-capture.ts';
import {found, listedOut} from '../../preflight/found.ts';
import type {StepContext} from '../../step.ts';
import {describeRest, readRest, type Rest} from '../rest/read-rest.ts';

/** What nothing proves where the tables are not locked until the hand-over. */
export async function readUnproved(ctx: StepContext): Promise<Finding[]> {
  if (ctx.config.cutover.lock) return [];
  const source = await ctx.session('source');
  return judgeUnproved(await readRest(ctx), captureOf(ctx)?.live.carriesTruncate(source.version) ?? false);
}

/** The slots tell who has written since F, of what they keep. Pure. */
export function judgeUnproved({tables, objects}: Rest, keepsTruncate: boolean): Finding[] {
  const names = tables.map((one) => describeRest(one));
  const lacking = [
    'sequences',
    ...(keepsTruncate ? [] : ['TRUNCATE']),
    ...(objects.source === 0 ? [] : ['large objects']),
    ...(names.length === 0 ? [] : [`these tables: ${listedOut(names)}`]),
  ];
  return [
    found('cutover', 'source').warning(
      'no-lock',
      `cutover.lock is no: between F and the hand-over nothing refuses a write of who begins READ WRITE; the slots tell it before the target is opened, but keep nothing, or not all, of ${lacking.join(', of ')}`,
      'cutover.lock: yes, with examples/grants/cutover-source.sql; or see to it that nobody but Longhaul reaches the source by then',
    ),
  ];
}
