import {sortFindings, type Finding} from '../../domain/run/finding.ts';
import {printable} from '../../domain/base/printable.ts';

/** More findings of one kind are counted; `longhaul check --json` has all of them. */
const MOST_ALIKE = 10;

/** Findings as lines for the terminal, blockers first; those that want the same done are together, with the remedy once below. Pure. */
export function formatFindings(findings: readonly Finding[]): string {
  const lines = grouped(sortFindings(findings)).flatMap((group) => linesOf(group));
  const count = (severity: Finding['severity']): string => {
    const some = findings.filter((finding) => finding.severity === severity).length;
    return `${some} ${severity}${some === 1 ? '' : 's'}`;
  };
  const clear = findings.some(({severity}) => severity !== 'note') ? [] : ['Nothing stops a run.'];
  return [...lines, '', ...clear, `${count('blocker')}, ${count('warning')}, ${count('note')}`].join('\n').trimStart();
}

/** Of one check, of one weight and with one remedy; where there is nothing to do, each by itself. */
function grouped(findings: readonly Finding[]): Finding[][] {
  const groups = new Map<string, Finding[]>();
  for (const [index, finding] of findings.entries()) {
    const {severity, check, remedy} = finding;
    const key = remedy === '' ? String(index) : JSON.stringify([severity, check.replace(/^[^.]*/, ''), remedy]);
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()];
}

function linesOf(group: readonly Finding[]): string[] {
  const shown = group.slice(0, MOST_ALIKE);
  const more = group.length - shown.length;
  const remedy = group[0]?.remedy ?? '';
  return [
    ...joined(shown).map(([severity, words]) => printable(`${severity.toUpperCase().padEnd(8)} ${words}`)),
    ...(more === 0 ? [] : [`         and ${more} more of these: longhaul check --json has them all`]),
    ...(remedy === '' ? [] : [printable(`         ${remedy}`)]),
  ];
}

/** The same of several subjects is said once: `source, replica: …`. */
function joined(findings: readonly Finding[]): (readonly [severity: string, words: string])[] {
  const subjects = new Map<string, string[]>();
  for (const {seen, subject} of findings) subjects.set(seen, [...(subjects.get(seen) ?? []), subject]);
  return [...subjects].map(([seen, of]) => [findings[0]?.severity ?? '', `${of.join(', ')}: ${seen}`]);
}
