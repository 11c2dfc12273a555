import type {Alarm} from '../domain/alarm.ts';
import {tellOperator, type AlarmNews} from './alarm-command.ts';
import {changeAlarms, type AlarmChange} from './alarms.ts';
import type {WatchContext} from './watch-context.ts';

/** Raises and clears the run's alarms in the journal, and tells the operator's script. */
export interface AlarmKeeper {
  /** Takes what is due now; one call at a time. */
  keep(due: readonly Alarm[]): Promise<void>;
  /** Resolves when the script has been told everything. */
  settled(): Promise<void>;
}

type KeeperContext = Pick<WatchContext, 'run' | 'state' | 'record' | 'now' | 'alarmCommand' | 'env'>;

/** Makes the keeper; what stands is in the journal, so that a new supervisor raises nothing twice. `report` hears of every run of the script: null, or why it failed. */
export function createAlarmKeeper(ctx: KeeperContext, report: (trouble: string | null) => void): AlarmKeeper {
  let quietSince: AlarmChange['quietSince'] = new Map();
  // The script is run for one alarm at a time, in order, and nothing waits for it.
  let telling: Promise<void> = Promise.resolve();

  function pass(news: AlarmNews): void {
    const {alarmCommand: command} = ctx;
    if (command === null) return;
    telling = telling
      .then(async () => tellOperator(command, news, ctx.env))
      .then(() => report(null))
      .catch((error: unknown) => report(error instanceof Error ? error.message : String(error)));
  }

  return {
    keep: async (due) => {
      const raised = ctx.state().alarms;
      const change = changeAlarms(raised, due, {quietSince, nowMs: ctx.now()});
      quietSince = change.quietSince;
      for (const alarm of change.raise) {
        // The pager first: the journal's disk may be what is full.
        pass({run: ctx.run, state: 'raised', alarm});
        await ctx.record({type: 'alarm.raised', alarm});
      }
      for (const alarm of raised.filter(({id}) => change.clear.includes(id))) {
        pass({run: ctx.run, state: 'cleared', alarm});
        await ctx.record({type: 'alarm.cleared', id: alarm.id});
      }
    },
    settled: async () => telling,
  };
}
