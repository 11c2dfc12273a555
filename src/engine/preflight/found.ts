import type {Finding} from '../../domain/run/finding.ts';

/** Makes findings about one subject: `found('source', 'primary db1')`. Checks are named `source.wal-level`. */
export function found(group: string, subject: string = group) {
  const make =
    (severity: Finding['severity']) =>
    (check: string, seen: string, remedy = ''): Finding => ({
      check: `${group}.${check}`,
      severity,
      subject,
      seen,
      remedy,
    });
  return {blocker: make('blocker'), warning: make('warning'), note: make('note')};
}

/** The first few of some names, and how many there are more: `a, b, … (12)`. */
export function listed(names: readonly string[], most = 10): string {
  return names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')}, … (${names.length})`;
}

/** The same for what is no single word: `public.a 3 MB; public.b 1 MB; and 5 more`. Pure. */
export function listedOut(names: readonly string[], most = 10): string {
  const more = names.length > most ? `; and ${names.length - most} more` : '';
  return `${names.slice(0, most).join('; ')}${more}`;
}
