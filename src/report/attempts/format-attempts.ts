import {counted, formatBytes, formatDuration} from '../../domain/base/units.ts';
import {headOf, inline, rowOf} from '../markdown.ts';
import {adviseNext} from './advice.ts';
import {rateOf, type Attempt} from './attempts.ts';

const HEAD = [
  'attempt',
  'begun',
  'whole',
  'slots',
  'lanes',
  'units',
  'bytes',
  'load',
  'rate',
  'idle at the end',
  'in vain',
  'indexes',
  'comparison',
  'replica paused',
  'catching up',
];

/** Attempts beside each other, what got faster, and what to change next, as Markdown. Pure. */
export function formatAttempts(attempts: readonly Attempt[]): string {
  if (attempts.length === 0) return '# Attempts\n\nNo load was planned yet.\n';
  const [before, last] = [attempts.at(-2), attempts.at(-1)];
  return [
    '# Attempts',
    '',
    ...headOf(HEAD),
    ...attempts.map((one) => rowOf(cellsOf(one))),
    '',
    ...(before === undefined || last === undefined ? [] : ['## What changed', '', ...changesBetween(before, last), '']),
    ...(last === undefined ? [] : ['## Where the time of the last one went', '', ...spentLines(last), '']),
    '## What to change next',
    '',
    ...adviceLines(attempts),
    '',
  ].join('\n');
}

function cellsOf(one: Attempt): string[] {
  const rate = rateOf(one);
  return [
    one.name,
    one.begunAt,
    one.isWhole ? 'yes' : 'no',
    String(one.slots),
    String(one.lanes),
    String(one.units),
    formatBytes(one.bytes),
    formatDuration(one.loadMs),
    rate === null ? '' : `${formatBytes(rate)}/s`,
    one.tail === null ? '' : formatDuration(one.tail.ms),
    one.failures.units === 0 ? 'none' : `${counted(one.failures.units, 'time')}, ${formatDuration(one.failures.ms)}`,
    time(one.indexMs),
    time(one.compareMs),
    time(one.pausedMs),
    time(one.catchUpMs),
  ];
}

function time(ms: number | null): string {
  return ms === null ? '' : formatDuration(ms);
}

function changesBetween(before: Attempt, last: Attempt): string[] {
  const kinds: readonly (readonly [string, number | null, number | null])[] = [
    ['load', before.loadMs, last.loadMs],
    ['indexes', before.indexMs, last.indexMs],
    ['comparison', before.compareMs, last.compareMs],
    ['replica paused', before.pausedMs, last.pausedMs],
    ['catching up', before.catchUpMs, last.catchUpMs],
  ];
  const rates = [rateOf(before), rateOf(last)] as const;
  const lines = kinds.flatMap(([what, was, is]) => {
    if (was === null || is === null || was === 0 || is === 0) return [];
    const percent = Math.round((is / was - 1) * 100);
    const words = percent === 0 ? 'as before' : `${Math.abs(percent)} % ${percent < 0 ? 'faster' : 'slower'}`;
    return [`- ${what}: ${formatDuration(was)} before, ${formatDuration(is)} now, ${words}`];
  });
  if (rates[0] !== null && rates[1] !== null && rates[0] > 0) {
    const percent = Math.round((rates[1] / rates[0] - 1) * 100);
    const words = percent === 0 ? 'as before' : `${Math.abs(percent)} % ${percent > 0 ? 'faster' : 'slower'}`;
    lines.push(`- rate of the load: ${formatBytes(rates[0])}/s before, ${formatBytes(rates[1])}/s now, ${words}`);
  }
  const whole = last.isWhole && before.isWhole ? [] : ['- one of them was not whole: its times are of what came in'];
  return lines.length === 0 ? ['- nothing that both have can be compared'] : [...lines, ...whole];
}

function spentLines({spent: {wholeMs, steps, waitedMs, idleMs}}: Attempt): string[] {
  const parts: readonly (readonly [string, number])[] = [
    ...steps.map(({step, ms}) => [step, ms] as const),
    ['waiting for a word', waitedMs],
    ['nothing at work: stopped, failed or without a supervisor', idleMs],
  ];
  const lines = parts.flatMap(([what, ms]) =>
    ms < 1000 ? [] : [`- ${what}: ${formatDuration(ms)}, ${Math.round((ms / Math.max(1, wholeMs)) * 100)} %`],
  );
  return [`- in all: ${formatDuration(wholeMs)}, from the plan of the load on`, ...lines];
}

function adviceLines(attempts: readonly Attempt[]): string[] {
  const advice = adviseNext(attempts);
  if (advice.length === 0)
    return ['- Nothing that was measured says that a change would bring more than a twentieth of the load.'];
  return advice.map(
    ({key, words, gainMs}) =>
      `- \`${key}\`: ${inline(words)}${gainMs === null ? '; how much that brings was not measured' : `; expected gain about ${formatDuration(gainMs)}`}`,
  );
}
