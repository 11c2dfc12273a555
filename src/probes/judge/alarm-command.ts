import type {Alarm} from '../../domain/reading/alarm.ts';
import {printable} from '../../domain/base/printable.ts';
import {runCommand} from '../watch/run-command.ts';

const TIMEOUT_MS = 30_000;

/** What is told to the operator's own script. */
export interface AlarmNews {
  readonly run: string;
  readonly state: 'raised' | 'cleared';
  readonly alarm: Alarm;
}

/** The alarm as the script's environment has it: LONGHAUL_ALARM_ID, _STATE, _SEVERITY, _SUBJECT, _SEEN, _REMEDY and _RUN, each one line. Pure. */
function alarmEnvironment({run, state, alarm}: AlarmNews): Record<string, string> {
  return {
    LONGHAUL_ALARM_RUN: run,
    LONGHAUL_ALARM_STATE: state,
    LONGHAUL_ALARM_ID: printable(alarm.id),
    LONGHAUL_ALARM_SEVERITY: alarm.severity,
    LONGHAUL_ALARM_SUBJECT: printable(alarm.subject),
    LONGHAUL_ALARM_SEEN: printable(alarm.seen),
    LONGHAUL_ALARM_REMEDY: printable(alarm.remedy),
  };
}

/** Runs the operator's script for one alarm, without a shell and for at most 30 s. Throws a LonghaulError when it fails. */
export async function tellOperator(
  command: readonly string[],
  news: AlarmNews,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const told = {...env, ...alarmEnvironment(news)};
  await runCommand(command, {what: 'alarms.command', timeoutMs: TIMEOUT_MS, env: told});
}
