import {formatBytes} from '../../domain/base/units.ts';
import {formatMinutes} from '../../domain/base/minutes.ts';
import {isUrgent} from '../../domain/filling/runway.ts';
import {type Line, type Tone, span} from '../screen/span.ts';
import type {Symbols} from '../screen/symbols.ts';
import {clip, fit, padLine, type Part, spread} from '../screen/width.ts';
import {screenText} from '../screen/screen-text.ts';
import {clockAhead, formatAhead} from '../view-model/span-of-time.ts';
import type {WorkView} from '../view-model/work.ts';
import type {StatusView} from '../view-model/status.ts';
import type {RetainedWal} from '../view-model/retained-wal.ts';
import {formatGrowth} from '../view-model/growth.ts';

/** After this long without a reading, the data is old and says so. */
const OLD_MS = 60_000;
/** Up to here a reading is fresh, and its age is not worth a redraw. */
const FRESH_MS = 20_000;

/**
 * The two lines at the top: where the run is and whether production is safe; what the load does. On a narrow screen what is wanted least
 * goes first; what tells of danger never does.
 */
export function drawStatus(view: StatusView, on: {width: number; symbols: Symbols; readOnly: boolean}): Line[] {
  const {symbols, width} = on;
  const narrow = width < 100;
  const run = [
    part(1, ' longhaul ', 'accent'),
    part(6, ` ${clip(view.run, narrow ? 20 : 40)}`, 'strong'),
    part(7, view.phase === '' ? '' : `  ${view.phase}`, 'strong'),
    wantedPart(view),
    ...heldParts(view),
    statusPart(view),
    boundaryPart(view, symbols),
  ];
  const safety = [...alarmParts(view, symbols), part(8, on.readOnly ? ' RO ' : '', 'warn'), linkPart(view, symbols)];
  const held = part(8, view.snapshots === '' ? '' : `  ${view.snapshots}`, 'warn');
  const load = [...walParts(view.wal, symbols, narrow), ...loadParts(view, symbols, narrow), held];
  const second = line(load, [agePart(view, narrow)], width);
  return [line(run, safety, width), view.blind === null ? second : second.map(({text}) => span(text, 'dim'))];
}

/** Both halves in exactly `width` cells, without what does not fit. */
function line(left: readonly Part[], right: readonly Part[], width: number): Line {
  const kept = fit([...left, ...right], width - 1);
  const lineOf = (parts: readonly Part[]): Line => kept.filter((one) => parts.includes(one)).flatMap((one) => one.line);
  return padLine(spread(lineOf(left), lineOf(right), width), width);
}

function part(keep: number, text: string, tone: Tone = 'plain'): Part {
  return {keep, line: text === '' ? [] : [span(text, tone)]};
}

/** Nothing takes it away, not a toast, not an alarm, not a narrow screen: what waits for an operator waits for ever. */
function wantedPart({wants}: StatusView): Part {
  return part(11, wants === '' ? '' : `  ${wants}`, /FAILED/.test(wants) ? 'bad' : 'warn');
}

/** What waits for the word of whoever held it: units, index builds, scans; each step is as it was meanwhile. */
function heldParts({lanes, runStatus}: StatusView): Part[] {
  if (!lanes.held || runStatus !== 'running') return [];
  return [part(10, '  HELD', 'warn'), part(4, ': longhaul resume --start', 'warn')];
}

function statusPart({runStatus, handedOver}: StatusView): Part {
  if (handedOver) return part(8, '  HANDED OVER', 'good');
  const tone = runStatus === 'done' ? 'good' : 'warn';
  // A run that was not heard of yet is not new.
  return part(8, runStatus === 'running' || runStatus === 'new' ? '' : `  ${runStatus.toUpperCase()}`, tone);
}

function boundaryPart({boundary: {lsn, state, provedAt}, runStatus, blind}: StatusView, symbols: Symbols): Part {
  switch (state) {
    case 'none':
      return part(4, runStatus === 'new' ? '' : '  P not captured yet', 'dim');
    case 'captured':
      return {keep: 7, line: [span(`  P ${lsn} `), span('not proved', 'warn')]};
    case 'unseen':
      // Blind, nothing is seen, and BLIND says so.
      if (blind !== null) return part(4, `  P ${lsn}`, 'dim');
      return {keep: 9, line: [span(`  P ${lsn} `), span(`${symbols.unknown} replica not seen`, 'warn')]};
    case 'proved':
      return {keep: 5, line: [span(`  P ${lsn} `), span(`${symbols.done} proved`, 'good')]};
    case 'disproved':
      return {keep: 10, line: [span(`  P ${lsn} `), span(`${symbols.failed} NOT PROVED ANY MORE`, 'bad')]};
    case 'handed over': {
      const at = provedAt === null ? '' : ` ${provedAt.slice(5, 16).replace('T', ' ')}`;
      return {
        keep: 5,
        line: [span(`  P ${lsn} `), span(`${symbols.done} proved${at}`, 'good'), span(', CDC has begun')],
      };
    }
    case 'moved':
      return part(10, ` ${symbols.failed} P IS LOST`, 'bad');
  }
}

function alarmParts({alarms: {critical, warning}}: StatusView, symbols: Symbols): Part[] {
  return [
    part(10, critical > 0 ? ` ${symbols.failed} ${critical} critical` : '', 'bad'),
    part(8, warning > 0 ? ` ${symbols.warning} ${warning} ${warning === 1 ? 'alarm' : 'alarms'}` : '', 'warn'),
  ];
}

function linkPart(view: StatusView, symbols: Symbols): Part {
  if (view.blind !== null) return part(10, ` ${symbols.failed} ${view.blind} `, 'bad');
  return part(3, ` ${symbols.live} ${view.elapsed === '' ? view.runStatus : view.elapsed} `, 'good');
}

function walParts(wal: RetainedWal | null, symbols: Symbols, narrow: boolean): Part[] {
  if (wal === null) return [part(9, ' WAL not seen yet', 'dim')];
  const {runway, bytesPerSecond, disk, cause} = wal;
  const tone = runway !== null && isUrgent(runway) ? 'bad' : 'plain';
  // The soonest end is what alarms go by, and what is left of the range on a narrow screen.
  const soonest = runway === null ? '?' : formatMinutes(runway.soonest);
  const latest = runway === null || runway.latest === null ? 'never' : formatMinutes(runway.latest);
  const rising = bytesPerSecond !== null && bytesPerSecond > 0;
  return [
    part(9, ` WAL ${trend(bytesPerSecond, symbols)} ${formatBytes(wal.retainedBytes)}`),
    part(2, rising ? ` ${formatGrowth(bytesPerSecond)}` : ''),
    part(10, wal.lost > 0 ? ` ${symbols.failed} ${wal.lost} LOST` : '', 'bad'),
    part(9, `  ${disk} ${narrow ? '' : 'disk '}full in ${soonest}`, tone),
    part(3, runway === null ? ` (${wal.unknown})` : ` to ${latest}`, tone),
    part(2, cause === null ? '' : `, ${screenText(cause)}`),
  ];
}

function trend(bytesPerSecond: number | null, symbols: Symbols): string {
  if (bytesPerSecond === null) return symbols.unknown;
  if (bytesPerSecond === 0) return symbols.flat;
  return bytesPerSecond > 0 ? symbols.up : symbols.down;
}

function loadParts(view: StatusView, symbols: Symbols, narrow: boolean): Part[] {
  if (view.next !== '') return [part(10, `  ${view.next}`, 'warn')];
  if (!view.hasLoad) return [];
  const {work} = view.lanes;
  if (view.capture !== null && view.leftBytes === 0)
    return [...captureParts(view.capture, view.mayCutOver, symbols), ...(work === null ? [] : beside(view, work))];
  if (work !== null) return workParts(view, work);
  const {running, paused, failed} = view.lanes;
  const lanes: Part = {
    keep: 9,
    line: [
      span(narrow ? '  ' : '   lanes '),
      span(`${running}${symbols.running}`, running > 0 ? 'accent' : 'dim'),
      span(` ${paused}${symbols.paused}`, paused > 0 ? 'warn' : 'dim'),
      span(` ${failed}${symbols.failed}`, failed > 0 ? 'bad' : 'dim'),
    ],
  };
  if (view.boundary.state === 'moved' && running + paused + failed === 0)
    return [lanes, part(5, '  to be loaded again', 'warn')];
  if (view.leftBytes === 0 && running + paused + failed === 0) return [lanes, part(5, '  all loaded', 'good')];
  return [
    lanes,
    part(5, ` ${formatBytes(view.leftBytes)} left`),
    view.etaMs === null
      ? part(8, ` ETA ? (${view.etaWhy})`, view.etaWhy === 'being measured' ? 'dim' : 'warn')
      : part(8, ` ETA ${formatAhead(view.etaMs)}`),
    // The lanes pane says it as well.
    part(1, clockAt(view, view.etaMs)),
    part(4, view.indexMs === null ? '' : ` +${formatAhead(view.indexMs)} idx`),
    part(3, view.compareMs === null ? '' : ` +${formatAhead(view.compareMs)} cmp`),
    part(1, view.wholeMs === null ? '' : ` = ${clockAhead(view.nowMs, view.wholeMs)}`),
  ];
}

/** Once change capture runs, it is what the load was: `CDC 12 MB, 3 s behind`. */
function captureParts(
  {behindBytes, behindSeconds, troubled, held}: NonNullable<StatusView['capture']>,
  mayCutOver: boolean,
  symbols: Symbols,
): Part[] {
  const seconds = behindSeconds === null ? '' : `, ${Math.round(behindSeconds)} s`;
  return [
    part(9, `  CDC ${formatBytes(behindBytes)}${seconds} behind`),
    part(10, troubled === 0 ? '' : ` ${symbols.failed} ${troubled} not applied`, 'bad'),
    part(8, held === 0 ? '' : `, ${held} held for a comparison`),
    part(3, mayCutOver && troubled === 0 ? ', then: longhaul cutover --check' : ''),
  ];
}

/** A step after the load: ` built 38/612 210 GB left ETA 41 min, 03:10 UTC +20 min cmp`. */
function workParts(view: StatusView, work: WorkView): Part[] {
  const after = work.what === 'built' && view.compareMs !== null ? ` +${formatAhead(view.compareMs)} cmp` : '';
  return [
    part(9, `  ${work.what} ${work.done}/${work.total}`),
    ...(work.leftBytes === 0 ? [] : workEnd(view, work)),
    part(4, after),
  ];
}

/** A comparison while change capture runs, which the header is about: `, compared 12/67 ETA 41 min, 03:10 UTC`. */
function beside(view: StatusView, work: WorkView): Part[] {
  const ahead =
    work.etaMs === null ? [] : [part(5, ` ETA ${formatAhead(work.etaMs)}`), part(2, clockAt(view, work.etaMs))];
  return [part(6, `, ${work.what} ${work.done}/${work.total}`), ...ahead];
}

function workEnd(view: StatusView, work: WorkView): Part[] {
  return [
    part(5, ` ${formatBytes(work.leftBytes)} left`),
    work.etaMs === null
      ? part(8, ` ETA ? (${view.blind === null ? (work.isHeld ? 'held: H' : 'being measured') : 'not watched'})`, 'dim')
      : part(8, ` ETA ${formatAhead(work.etaMs)}`),
    part(6, clockAt(view, work.etaMs)),
  ];
}

/** The time of day at which that is: `, 03:10 UTC`; with its date where that is another day. */
function clockAt({nowMs}: StatusView, aheadMs: number | null): string {
  return aheadMs === null ? '' : `, ${clockAhead(nowMs, aheadMs)}`;
}

function agePart(view: StatusView, narrow: boolean): Part {
  if (view.blind !== null) return part(10, '');
  const failing = view.failedProbes === 0 ? '' : ` ${view.failedProbes} failing`;
  if (view.probeAgeMs === null) return part(6, `probes: none yet${failing} `, failing === '' ? 'dim' : 'bad');
  if (view.probeAgeMs < FRESH_MS && failing === '') return part(4, narrow ? 'fresh ' : 'probes fresh ', 'dim');
  const old = view.probeAgeMs >= OLD_MS || failing !== '';
  return part(old ? 10 : 6, `probes ${formatAhead(view.probeAgeMs)} old${failing} `, old ? 'bad' : 'dim');
}
