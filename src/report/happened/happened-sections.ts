import {formatDuration} from '../../domain/base/units.ts';
import {headOf, rowOf} from '../markdown.ts';
import type {RaisedAlarm} from './alarms-raised.ts';
import type {Fault} from './faults.ts';
import type {Deed} from './who-did-what.ts';

/** More than this of one list goes into the JSON only. */
const MOST = 200;

/** What went wrong, when it was tried again and when it went well; Markdown. Pure. */
export function faultLines(faults: readonly Fault[]): string[] {
  return tableOf(
    ['At', 'What', 'Message', 'Tried again', 'Went well'],
    faults.map(({at, what, message, againAt, mendedAt, isOpen}) => [
      at,
      what,
      message,
      againAt ?? '',
      mendedAt ?? (isOpen ? 'NOT YET' : ''),
    ]),
  );
}

/** Every alarm with how long it lasted; Markdown. Pure. */
export function alarmLines(alarms: readonly RaisedAlarm[]): string[] {
  return tableOf(
    ['Raised', 'Lasted', 'Severity', 'Subject', 'Seen'],
    alarms.map(({raisedAt, clearedAt, severity, subject, seen}) => [
      raisedAt,
      clearedAt === null ? 'goes on' : formatDuration(Date.parse(clearedAt) - Date.parse(raisedAt)),
      severity,
      subject,
      seen,
    ]),
  );
}

/** What people have done; Markdown. Pure. */
export function deedLines(deeds: readonly Deed[]): string[] {
  return tableOf(
    ['At', 'Who', 'What'],
    deeds.map(({at, by, what}) => [at, by, what]),
  );
}

function tableOf(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const rest = rows.length - MOST;
  return [
    ...headOf(titles),
    ...rows.slice(0, MOST).map((cells) => rowOf(cells)),
    ...(rest <= 0 ? [] : ['', `And ${rest} more: longhaul report --json has all of them.`]),
  ];
}
