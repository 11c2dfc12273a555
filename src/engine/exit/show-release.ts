import {slotObject} from '../../domain/run/claimed.ts';
import type {Command, ShownAction} from '../../domain/run/command.ts';
import {checkpoint, terminateBackend} from '../../pg/replication/checkpoint.ts';
import {resumeReplay} from '../../pg/replication/replica.ts';
import {dropSlot} from '../../pg/replication/slots.ts';
import {showStatement} from '../make-action.ts';
import {showLaneSignals} from '../load/show-lane-signals.ts';
import type {StepContext} from '../step.ts';
import {lookAtRelease} from './release.ts';

function onSource(text: string): ShownAction {
  return {on: 'source', text};
}

/** What a release would do now, read on a connection of its own: the run's may wait for a slot. */
export async function showRelease(
  ctx: StepContext,
  {endReaders, resumeReplay: goesOn}: Extract<Command, {type: 'release'}>,
): Promise<readonly ShownAction[]> {
  const source = await ctx.open('source', 'release');
  try {
    const {claimed} = ctx.state();
    const {slots} = await lookAtRelease(source, (name) => claimed.includes(slotObject(name)));
    return [
      ...slots.flatMap(({name, activePid}) => [
        ...(endReaders && activePid !== null ? [onSource(showStatement(terminateBackend(activePid)))] : []),
        onSource(showStatement(dropSlot(name))),
      ]),
      ...(await showLaneSignals(ctx, 'TERM')),
      ...(goesOn
        ? [{on: 'replica', text: showStatement(resumeReplay((await ctx.session('replica')).version))} as const]
        : []),
      ...(slots.length === 0 ? [] : [onSource(showStatement(checkpoint()))]),
    ];
  } finally {
    await source.close();
  }
}
