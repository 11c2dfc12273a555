import {sortFindings, type Finding} from '../../domain/run/finding.ts';
import {printable} from '../../domain/base/printable.ts';

/** Findings as lines for the terminal, blockers first, each with its remedy below. Pure. */
export function formatFindings(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'No findings: nothing prevents the run.';
  const lines = sortFindings(findings).flatMap(({severity, subject, seen, remedy}) => [
    printable(`${severity.toUpperCase().padEnd(8)} ${subject}: ${seen}`),
    ...(remedy === '' ? [] : [printable(`         ${remedy}`)]),
  ]);
  const count = (severity: Finding['severity']): string => {
    const some = findings.filter((finding) => finding.severity === severity).length;
    return `${some} ${severity}${some === 1 ? '' : 's'}`;
  };
  return [...lines, '', `${count('blocker')}, ${count('warning')}, ${count('note')}`].join('\n');
}
