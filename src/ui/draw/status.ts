import {formatBytes} from '../../domain/units.ts';
import {formatMinutes} from '../../domain/minutes.ts';
import type {Runway} from '../../domain/runway.ts';
import {type Line, type Span, span} from '../screen/span.ts';
import type {Symbols} from '../screen/symbols.ts';
import {padLine, spread} from '../screen/width.ts';
import {formatAhead} from '../view-model/span-of-time.ts';
import type {StatusView} from '../view-model/status.ts';
import type {WalRoom} from '../view-model/wal-room.ts';
import {growth} from './slots.ts';

/** After this long without a reading, the data is old and says so. */
const OLD_MS = 60_000;
/** Up to here a reading is fresh, and its age is not worth a redraw. */
const FRESH_MS = 20_000;

/** The two lines at the top: where the run is and whether production is safe; what the load does. */
export function drawStatus(view: StatusView, look: {width: number; symbols: Symbols; readOnly: boolean}): Line[] {
  const {symbols} = look;
  const narrow = look.width < 100;
  const right: Span[] = [
    ...alarmSpans(view, symbols),
    ...(look.readOnly ? [span(' RO ', 'warn')] : []),
    view.blind === null
      ? span(` ${symbols.live} ${view.elapsed === '' ? view.runStatus : view.elapsed} `, 'good')
      : span(` ${symbols.failed} ${view.blind} `, 'bad'),
  ];
  const left: Span[] = [
    // On a small screen the figures need the room more than the name does.
    span(narrow ? ' ' : ' longhaul  ', 'accent'),
    span(view.run, 'strong'),
    span(`  ${view.phase}`, 'strong'),
    ...(view.runStatus === 'running'
      ? []
      : [span(`  ${view.runStatus.toUpperCase()}`, view.runStatus === 'done' ? 'good' : 'warn')]),
    ...boundarySpans(view, symbols),
  ];
  const load = loadSpans(view, symbols, narrow);
  const age = ageSpan(view, narrow);
  return [
    padLine(spread(left, right, look.width), look.width),
    padLine(spread([...walSpans(view.wal, symbols, narrow), ...load], [age, span(' ')], look.width), look.width),
  ];
}

function boundarySpans(view: StatusView, symbols: Symbols): Span[] {
  const {lsn, state} = view.boundary;
  switch (state) {
    case 'none':
      return [span('  P not yet', 'dim')];
    case 'captured':
      return [span(`  P ${lsn} `), span('not proved', 'warn')];
    case 'proved':
      return [span(`  P ${lsn} `), span(`${symbols.done} proved`, 'good')];
    case 'moved':
      return [span(`  ${symbols.failed} P ${lsn} HAS MOVED`, 'bad')];
  }
}

function alarmSpans(view: StatusView, symbols: Symbols): Span[] {
  const {critical, warning} = view.alarms;
  return [
    ...(critical > 0 ? [span(` ${symbols.failed} ${critical} critical`, 'bad')] : []),
    ...(warning > 0 ? [span(` ${symbols.warning} ${warning} ${warning === 1 ? 'warning' : 'warnings'}`, 'warn')] : []),
  ];
}

function walSpans(wal: WalRoom | null, symbols: Symbols, narrow: boolean): Span[] {
  if (wal === null) return [span(' WAL no slot seen', 'dim')];
  const rising = wal.bytesPerSecond !== null && wal.bytesPerSecond > 0;
  const falling = wal.bytesPerSecond !== null && wal.bytesPerSecond < 0;
  const trend = rising ? symbols.up : falling ? symbols.down : symbols.flat;
  const {runway} = wal;
  const urgent = runway !== null && runway.minutes < 24 * 60;
  const full = runway === null ? `disk full: ${narrow ? '?' : wal.unknown}` : `disk full in ${ahead(runway, narrow)}`;
  const pace = rising && !narrow ? ` ${growth(wal.bytesPerSecond)}` : '';
  return [span(` WAL ${trend} ${formatBytes(wal.retainedBytes)}${pace}  `), span(full, urgent ? 'bad' : 'plain')];
}

function ahead({minutes, soonest, latest}: Runway, narrow: boolean): string {
  const about = formatMinutes(minutes);
  const until = latest === null ? 'never' : formatMinutes(latest);
  return narrow ? about : `${about} (${formatMinutes(soonest)} to ${until})`;
}

function loadSpans(view: StatusView, symbols: Symbols, narrow: boolean): Span[] {
  if (!view.hasLoad) return [];
  const {running, paused, failed} = view.lanes;
  const {leftBytes, etaMs} = view;
  const done = leftBytes === 0 && running + paused + failed === 0;
  return [
    span(narrow ? '  ' : '   lanes '),
    span(`${running}${symbols.running}`, running > 0 ? 'accent' : 'dim'),
    span(` ${paused}${symbols.paused}`, paused > 0 ? 'warn' : 'dim'),
    span(` ${failed}${symbols.failed}`, failed > 0 ? 'bad' : 'dim'),
    span(done ? '  all loaded' : ` ${formatBytes(leftBytes)} left ETA ${formatAhead(etaMs)}`),
  ];
}

function ageSpan(view: StatusView, narrow: boolean): Span {
  const failing = view.failedProbes === 0 ? '' : ` ${view.failedProbes} failing`;
  if (view.ended) return span('');
  if (view.probeAgeMs === null) return span(`probes: none yet${failing}`, 'dim');
  if (view.probeAgeMs < FRESH_MS && failing === '') return span(narrow ? 'fresh' : 'probes fresh', 'dim');
  const old = view.probeAgeMs >= OLD_MS || failing !== '';
  return span(`probes ${formatAhead(view.probeAgeMs)} old${failing}`, old ? 'bad' : 'dim');
}
