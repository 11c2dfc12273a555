import type {Finding} from '../../domain/finding.ts';
export function formatFindings(f: readonly Finding[]): string {
  return JSON.stringify(f);
}
