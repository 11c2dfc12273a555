import {laneApplicationName} from '../../load/host/lane-name.ts';
import {endLanes} from '../../load/end-lanes.ts';
import {runningUnits} from '../../load/running-units.ts';
import {terminateBackends, terminateBackendsLike} from '../../../pg/load/backends.ts';
import {builderNames} from '../../schema/beside/builder.ts';
import type {Action} from '../../action.ts';
import {byThen, remark, showStatement} from '../../make-action.ts';
import type {StepContext} from '../../step.ts';

/**
 * The end of the lanes of an older P and of the index builds beside them, with their backends; none where none runs. Executing the first ends all, and waits until each unit is
 * decided.
 */
export function planEndOfOldLanes(ctx: StepContext): Action[] {
  return [...endOfLanes(ctx), ...endOfBuilds(ctx)];
}

/** What was loaded at an older P is loaded again: an index of it would only be dropped, and strip-target wait for it until then. */
function endOfBuilds(ctx: StepContext): Action[] {
  if (ctx.state().loadBoundary === null) return [];
  const end = terminateBackendsLike([builderNames(ctx.config.run)]);
  const text = remark('only where an index is still being built for an older P', showStatement(end));
  return [{on: 'target', text, execute: async () => void (await (await ctx.session('target')).run(end))}];
}

function endOfLanes(ctx: StepContext): Action[] {
  const units = runningUnits(ctx.state());
  if (units.length === 0) return [];
  const names = units.map(({id}) => laneApplicationName(ctx.config.run, id));
  const backends = remark(
    'where one of their backends does not end by itself',
    showStatement(terminateBackends(names)),
  );
  return [
    {
      on: 'jump box',
      text: `kill -TERM the lanes of ${units.map(({id}) => id).join(', ')}; kill -KILL what is left of them after 5 s`,
      execute: async () => endLanes(ctx, {how: 'boundary', by: 'run'}),
    },
    {on: 'target', text: backends, execute: byThen},
    {on: 'replica', text: backends, execute: byThen},
  ];
}
