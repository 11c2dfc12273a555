import {counted, formatBytes, formatCount} from '../domain/base/units.ts';
import {lsnDistance, type Lsn} from '../domain/pg/lsn.ts';
import type {RunState} from '../domain/run/run-state.ts';
import {headOf, rowOf} from './markdown.ts';

/**
 * Why every commit of the source is in exactly one of load and change capture: what the proof of P has checked, and where each slot begins. Markdown,
 * none before P was proved. Pure.
 */
export function proofLines({evidence, lastProof, boundaryDisproved}: RunState): string[] {
  const {boundary, primary, slots = [], afterTablesLsn = null, conditions = []} = evidence['prove-boundary'] ?? {};
  if (boundary === undefined || lastProof === null) return [];
  const p = boundary.lsn;
  const checked = primary === undefined ? '' : `, seen on the source at ${primary.clock}`;
  const begins = slots.map(({name, createdAt, confirmedFlushLsn, restartLsn}) => {
    const from = createdAt ?? confirmedFlushLsn;
    return rowOf([name, from ?? '?', behind(from, p), restartLsn ?? '?']);
  });
  return [
    `- ${boundaryDisproved === null ? 'Holds' : 'NO LONGER HOLDS'}: ${counted(conditions.length, 'condition')} checked${checked}; proved last at ${lastProof.at}`,
    slots.length === 0
      ? `- Commits up to P (${p}) are in the load, and nothing captures those behind it`
      : `- Commits up to P (${p}) are in the load, those behind it in change capture: no slot begins behind P, and no table was added behind it`,
    ...(afterTablesLsn === null
      ? []
      : [`- The last table was added at ${afterTablesLsn}, ${behind(afterTablesLsn, p)} before P`]),
    ...(begins.length === 0 ? [] : ['', ...headOf(['Slot', 'Begins at', 'Before P', 'Keeps WAL from']), ...begins]),
  ];
}

function behind(from: Lsn | null, p: Lsn): string {
  if (from === null) return '?';
  const bytes = lsnDistance(from, p);
  return bytes < 1000 ? `${formatCount(bytes)} B` : formatBytes(bytes);
}
