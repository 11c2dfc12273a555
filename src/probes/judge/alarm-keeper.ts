import {setTimeout as wait} from 'node:timers/promises';
import type {Alarm} from '../../domain/reading/alarm.ts';
import {tellOperator, type AlarmNews} from './alarm-command.ts';
import {changeAlarms, quietAfter, type AlarmChange, type Cleared} from './alarms.ts';
import type {WatchContext} from '../watch/watch-context.ts';

/** Raises and clears the run's alarms in the journal, and tells the operator's script. */
export interface AlarmKeeper {
  /** Takes what is due now; one call at a time. Rejects when the journal does not take it; what that keeps from it is written later. */
  keep(due: readonly Alarm[]): Promise<void>;
  /** Resolves when the script has been told everything. */
  settled(): Promise<void>;
}

type KeeperContext = Pick<WatchContext, 'run' | 'state' | 'record' | 'steady' | 'alarmCommand' | 'complete' | 'env'>;

/** A page that did not go out is tried again: mail servers and webhooks come back. */
const TRIES = 10;
const RETRY_MS = 30_000;

/** Makes the keeper; raised alarms are in the journal, so that a new supervisor raises nothing twice. `report` hears of every run of the script: null, or why it failed. */
export function createAlarmKeeper(
  ctx: KeeperContext,
  report: (trouble: string | null) => void,
  retryMs = RETRY_MS,
): AlarmKeeper {
  let quietSince: AlarmChange['quietSince'] = new Map();
  /** How long each raised alarm has to be gone, and how those that were cleared went. */
  const quietMs = new Map<string, number>();
  const cleared = new Map<string, Cleared>();
  /** Told to the script, but not to the journal: its disk may be what is full. */
  const unwritten = new Map<string, Alarm>();
  const endUnwritten = new Set<string>();
  const pager = createPager(ctx, report, retryMs);

  async function write(alarm: Alarm): Promise<void> {
    unwritten.set(alarm.id, alarm);
    await ctx.record({type: 'alarm.raised', alarm});
    unwritten.delete(alarm.id);
  }

  async function writeEnd(id: string): Promise<void> {
    endUnwritten.add(id);
    unwritten.delete(id);
    if (ctx.state().alarms.some((alarm) => alarm.id === id)) await ctx.record({type: 'alarm.cleared', id});
    endUnwritten.delete(id);
  }

  return {
    keep: async (due) => {
      const raised = [...ctx.state().alarms.filter(({id}) => !unwritten.has(id)), ...unwritten.values()];
      const nowMs = ctx.steady();
      const change = changeAlarms(raised, due, {quietSince, nowMs, quietMs});
      for (const {id} of change.raise) quietMs.set(id, quietMs.get(id) ?? quietAfter(cleared.get(id), nowMs));
      for (const id of change.clear) {
        cleared.set(id, {atMs: nowMs, quietMs: quietMs.get(id) ?? quietAfter(undefined, nowMs)});
        quietMs.delete(id);
      }
      const decided = new Set([...change.raise.map(({id}) => id), ...change.clear]);
      const late = [...unwritten.values()].filter(({id}) => !decided.has(id));
      quietSince = change.quietSince;
      const back = due.filter(({id}) => endUnwritten.delete(id));
      const over = raised.filter(({id}) => change.clear.includes(id));
      // The pager first: nobody waits for the journal's disk.
      for (const alarm of [...change.raise, ...back]) pager.tell({run: ctx.run, state: 'raised', alarm});
      for (const alarm of over) {
        if (!endUnwritten.has(alarm.id)) pager.tell({run: ctx.run, state: 'cleared', alarm});
      }
      const written = await Promise.allSettled([
        ...[...change.raise, ...late].map(write),
        ...over.map(async ({id}) => writeEnd(id)),
      ]);
      for (const one of written) if (one.status === 'rejected') throw one.reason;
    },
    settled: async () => pager.settled(),
  };
}

/** The script is run for one alarm at a time, in order, and nothing waits for it. */
function createPager(
  {alarmCommand: command, complete = (text) => text, env}: Pick<KeeperContext, 'alarmCommand' | 'complete' | 'env'>,
  report: (trouble: string | null) => void,
  retryMs: number,
): {tell(news: AlarmNews): void; settled(): Promise<void>} {
  let telling: Promise<void> = Promise.resolve();
  async function tell(words: readonly string[], news: AlarmNews): Promise<void> {
    for (let tries = 1; tries <= TRIES; tries += 1) {
      if (tries > 1) await wait(retryMs, undefined, {ref: false});
      try {
        await tellOperator(words, news, env);
        report(null);
        return;
      } catch (error) {
        report(error instanceof Error ? error.message : String(error));
      }
    }
  }
  return {
    tell: ({alarm, ...rest}) => {
      const news = {...rest, alarm: {...alarm, remedy: complete(alarm.remedy)}};
      if (command !== null) telling = telling.then(async () => tell(command, news));
    },
    settled: async () => telling,
  };
}
