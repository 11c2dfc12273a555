/** How much a finding matters: a blocker stops the run, a warning wants a decision, a note is to be known. */
export type Severity = 'blocker' | 'warning' | 'note';

/** A problem that was seen, with its remedy; not an error: the check itself worked. */
export interface Finding {
  /** Stable name of the check: `source.wal-level`. */
  readonly check: string;
  readonly severity: Severity;
  /** What it is about: `source`, `table public.events`, `slot dms_slot_01`. */
  readonly subject: string;
  /** What was seen, in one sentence with the figures. */
  readonly seen: string;
  /** What to do: the exact SQL, setting or command. Empty only for a note. */
  readonly remedy: string;
}

const ORDER: Record<Severity, number> = {blocker: 0, warning: 1, note: 2};

/** Blockers first, then warnings, then notes; within one severity the order stays. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => ORDER[a.severity] - ORDER[b.severity]);
}

/** Whether any of them stops the run. */
export function hasBlocker(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity === 'blocker');
}
