import type {Finding} from '../../src/domain/run/finding.ts';
import type {Difference} from './contents.ts';

/** What was seen of one file's way through check, plan and run. */
export interface Seen {
  readonly findings: readonly Finding[];
  /** The step that did not end well, with its words; null where all of Phase I is through. */
  readonly stopped: {readonly step: string; readonly words: string} | null;
  /** Whether the walk came to its end all the same: replay is resumed. */
  readonly walkEnded: boolean;
  /** Everything that the run has said of what it could not make so. */
  readonly runWords: string;
  /** Null where there was nothing to compare. */
  readonly differences: readonly Difference[] | null;
  /** How much was compared: `12 tables, 40 objects`. */
  readonly compared: string;
}

/** How one file came out. */
export interface Verdict {
  readonly result: 'equal' | 'stopped as told' | 'told by the run' | 'FAILED';
  readonly words: string;
}

/** Findings about change capture, or about what is copied as it is: they excuse no difference. */
const EXCUSES_NOTHING =
  /^data\.(?:no-key|unique|lobs|dms-[a-z-]+|constraints|replica-identity|partition|inheritance|identity|generated|sequences|large-objects)$|^source\.superuser-owned$|^tools\.found$|\.room$/;

/** What of it was said beforehand, and what nobody has said. Pure. */
export function judgeCase(seen: Seen): Verdict {
  const {stopped, differences} = seen;
  const {told, byRun, untold} = sortDifferences(seen);
  const end = stopped === null ? 'run done' : `stopped at ${stopped.step}: ${stopped.words}`;
  const words = [
    `check: ${foundInWords(seen.findings)}`,
    end,
    ...(differences === null
      ? []
      : [`${seen.compared}, ${differences.length === 0 ? 'equal' : `${differences.length} differ`}`]),
    ...(told.length === 0 ? [] : [`told by check: ${inWords(told)}`]),
    ...(byRun.length === 0 ? [] : [`told by the run: ${inWords(byRun)}`]),
    ...(untold.length === 0 ? [] : [`TOLD BY NOBODY: ${inWords(untold)}`]),
  ].join(' | ');
  if (stopped !== null && !seen.walkEnded) {
    return isTold(stopped.words, seen.findings)
      ? {result: 'stopped as told', words}
      : {result: 'FAILED', words: `${words} | no finding of check had said that it would stop`};
  }
  if (untold.length > 0) return {result: 'FAILED', words};
  // Done, with a difference that only the run has told, is a run that should not have said done.
  if (stopped === null) return {result: byRun.length === 0 ? 'equal' : 'FAILED', words};
  return byRun.length > 0 || told.length > 0
    ? {result: 'told by the run', words}
    : {result: 'FAILED', words: `${words} | the run failed, and nothing differs`};
}

/** A line is to be read: the first of them, and how many there are. */
function inWords(differences: readonly Difference[]): string {
  const words = differences.slice(0, 8).map(({what}) => (what.length > 400 ? `${what.slice(0, 400)}…` : what));
  return `${words.join('; ')}${differences.length > 8 ? `; … (${differences.length})` : ''}`;
}

interface Sorted {
  readonly told: readonly Difference[];
  readonly byRun: readonly Difference[];
  readonly untold: readonly Difference[];
}

function sortDifferences({findings, runWords, differences}: Seen): Sorted {
  const sayings = findings
    .filter(({check}) => !EXCUSES_NOTHING.test(check))
    .map(({subject, seen, remedy}) => `${subject} ${seen} ${remedy}`);
  const all = differences ?? [];
  const told = all.filter(({names}) => sayings.some((text) => namesOne(text, names)));
  const byRun = all.filter((one) => !told.includes(one) && namesOne(runWords, one.names));
  return {told, byRun, untold: all.filter((one) => !told.includes(one) && !byRun.includes(one))};
}

/** Whether a text has one of the names as a word; a name of one or two letters is in every text. */
export function namesOne(text: string, names: readonly string[]): boolean {
  const plain = text.replaceAll('"', '');
  return names
    .filter((name) => name.length > 2)
    .some((name) =>
      new RegExp(
        String.raw`(?<![\w$.])${name.replaceAll('"', '').replaceAll(/[\^$.*+?()[\]{}|\\/]/g, String.raw`\$&`)}(?![\w$])`,
        'u',
      ).test(plain),
    );
}

/** A blocker says that the run will stop; a warning, where it names something that the run's words name. */
function isTold(words: string, findings: readonly Finding[]): boolean {
  if (findings.some(({severity}) => severity === 'blocker')) return true;
  const named = [...words.matchAll(/"([^"]+)"|\b([\w$]+\.[\w$]+)\b/g)].map(
    ([, quoted, dotted]) => quoted ?? dotted ?? '',
  );
  return findings
    .filter(({severity, check}) => severity === 'warning' && !EXCUSES_NOTHING.test(check))
    .some(({subject, seen, remedy}) => namesOne(`${subject} ${seen} ${remedy}`, named));
}

const part = (word: string, list: readonly string[]): string[] =>
  list.length === 0 ? [] : [`${word} ${list.join(', ')}`];

function foundInWords(findings: readonly Finding[]): string {
  const ids = (severity: Finding['severity']): string[] => [
    ...new Set(findings.filter((one) => one.severity === severity).map(({check}) => check)),
  ];
  const [blockers, warnings, notes] = [ids('blocker'), ids('warning'), ids('note')];
  return [...part('BLOCKER', blockers), ...part('warning', warnings), ...part('note', notes)].join('; ') || 'nothing';
}
