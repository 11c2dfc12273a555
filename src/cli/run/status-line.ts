import type {LineFacts} from '../../domain/reading/line-facts.ts';
import {snapshotsInShort} from '../../domain/run/cutover/last-comparison.ts';
import {formatMinutes} from '../../domain/base/minutes.ts';
import {printable} from '../../domain/base/printable.ts';
import {formatBytes, formatDuration} from '../../domain/base/units.ts';

const WIDTH = 60;
const STALE_MS = 60_000;
const LONGEST_NAME = 20;

interface Part {
  readonly text: string;
  /** How much it is wanted: what is wanted least goes first where there is no room. */
  readonly keep: number;
}

/**
 * The run in one line of at most 60 columns, what is dangerous first: `1 CRITICAL | acme | load 3/9 | dms_slot_01 212 GB | full 19 h`.
 * Where it is too long, whole parts go, never half of one. Pure.
 */
export function formatStatusLine(facts: LineFacts, {alive, nowMs}: {alive: boolean; nowMs: number}): string {
  const named = partsOf(facts, {alive, nowMs, named: true});
  const line = joined(named);
  return line.length <= WIDTH ? line : fitting(partsOf(facts, {alive, nowMs, named: false}));
}

function partsOf(facts: LineFacts, now: {alive: boolean; nowMs: number; named: boolean}): Part[] {
  const {critical, warnings, boundaryMoved, run} = facts;
  const parts = [
    {text: boundaryMoved ? 'P LOST' : '', keep: 10},
    {text: critical === 0 ? '' : `${critical} CRITICAL`, keep: 9},
    {text: warnings === 0 ? '' : `${warnings} ALARM${warnings === 1 ? '' : 'S'}`, keep: 8},
    {text: wantedOf(facts, now.nowMs), keep: 9},
    {text: run === null ? 'no run' : cut(run), keep: 2},
    doing(facts, now.alive),
    {text: facts.snapshots == null || !now.alive ? '' : snapshotsInShort(facts.snapshots, now.nowMs), keep: 7},
    {text: facts.silent.length === 0 ? '' : `${facts.silent.join(' ').toUpperCase()} SILENT`, keep: 9},
    ...watched(facts, now),
  ];
  return parts.filter(({text}) => text !== '');
}

/** What runs is said before figures of it; a run that is over needs no supervisor. */
function doing({doing: what, stoppedSince, over}: LineFacts, alive: boolean): Part {
  if (!alive && over !== true) return {text: 'NO SUPERVISOR', keep: 9};
  return {text: what, keep: stoppedSince == null ? 6.5 : 8};
}

/** While writers wait, every second counts. */
function wantedOf({wants, stoppedSince = null}: LineFacts, nowMs: number): string {
  return stoppedSince === null ? wants : `${wants} ${formatDuration(nowMs - Date.parse(stoppedSince))}`;
}

/** What the probes saw and what follows from it; readings that are old say so instead. */
function watched(facts: LineFacts, {nowMs, named}: {nowMs: number; named: boolean}): Part[] {
  const {seenAt, lost, worst, fullMinutes, etaMinutes, etaWhy} = facts;
  if (seenAt === null) return [];
  const ageMs = nowMs - Date.parse(seenAt);
  if (ageMs > STALE_MS) return [{text: `probes ${formatMinutes(ageMs / 60_000)} OLD`, keep: 9}];
  return [
    {text: lost === 0 ? '' : `${lost} SLOT${lost === 1 ? '' : 'S'} LOST`, keep: 9},
    {text: worst === null ? '' : `${named ? cut(worst.name) : 'WAL'} ${formatBytes(worst.retainedBytes)}`, keep: 6},
    {text: fullMinutes === null ? '' : `full ${formatMinutes(fullMinutes)}`, keep: 7},
    {text: etaMinutes === null ? unknownEta(etaWhy) : `ETA ${formatMinutes(etaMinutes)}`, keep: 5},
  ];
}

function unknownEta(why: string): string {
  return why === '' ? '' : `ETA ? ${why}`;
}

function cut(name: string): string {
  const safe = printable(name);
  return safe.length <= LONGEST_NAME ? safe : `${safe.slice(0, LONGEST_NAME - 1)}…`;
}

function joined(parts: readonly Part[]): string {
  return parts.map(({text}) => text).join(' | ');
}

function fitting(parts: readonly Part[]): string {
  if (joined(parts).length <= WIDTH || parts.length === 1) return joined(parts);
  const least = Math.min(...parts.map(({keep}) => keep));
  const goes = parts.findLastIndex(({keep}) => keep === least);
  return fitting(parts.filter((_, index) => index !== goes));
}
