import type {Finding} from '../../../src/domain/run/finding.ts';

/** What stands out: the names of blockers and warnings, with a letter for which: `b source.preload`. */
export function told(findings: readonly Finding[]): string[] {
  return findings.filter(({severity}) => severity !== 'note').map(({severity, check}) => `${severity[0]} ${check}`);
}
