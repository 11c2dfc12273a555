import type {RunState} from '../../domain/run/run-state.ts';
import {isLost, type Reading} from '../../domain/reading/reading.ts';
import {newestOf, type History} from '../judge/history.ts';

/** What metrics are made of. */
export interface MetricsSource {
  readonly history: History;
  readonly state: RunState;
  readonly nowMs: number;
}

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly values: readonly {readonly labels: Readonly<Record<string, string>>; readonly value: number | null}[];
}

/**
 * Gauges in the text format that OpenMetrics and Prometheus' textfile collector both read. What is unknown is left out, never 0. Pure.
 * Source: https://prometheus.io/docs/specs/om/open_metrics_spec/
 */
export function formatMetrics(source: MetricsSource): string {
  const run = source.state.run ?? '';
  const lines = metrics(source).flatMap(({name, help, values}) => {
    const samples = values.flatMap(({labels, value}) =>
      value === null || !Number.isFinite(value) ? [] : [`${name}{${formatLabels({run, ...labels})}} ${value}`],
    );
    return samples.length === 0 ? [] : [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...samples];
  });
  return `${lines.join('\n')}\n# EOF\n`;
}

function metrics({history, state, nowMs}: MetricsSource): Metric[] {
  return [
    ...slotMetrics(history),
    ...serverMetrics(history),
    ...loadMetrics(history, state),
    ...figureMetrics(history),
    {
      name: 'longhaul_alarm',
      help: 'Alarms that are raised.',
      values: state.alarms.map(({id, severity}) => ({labels: {id, severity}, value: 1})),
    },
    {
      // Ages are of the moment of writing: only this tells that nobody writes any more.
      name: 'longhaul_written_timestamp_seconds',
      help: 'When this was written, in seconds since 1970: old where the supervisor has died.',
      values: [{labels: {}, value: nowMs / 1000}],
    },
    {
      name: 'longhaul_reading_timestamp_seconds',
      help: 'When each probe gave its last good reading, in seconds since 1970.',
      values: goodReadings(history).map(([probe, atMs]) => ({labels: {probe}, value: atMs / 1000})),
    },
    {
      name: 'longhaul_reading_age_seconds',
      help: 'Age of the last good reading of each probe when this was written.',
      values: goodReadings(history).map(([probe, atMs]) => ({labels: {probe}, value: (nowMs - atMs) / 1000})),
    },
  ];
}

function goodReadings({newest}: History): (readonly [probe: string, atMs: number])[] {
  return [...newest]
    .filter(([, reading]) => reading.probe !== 'failed')
    .map(([probe, {at}]) => [probe, Date.parse(at)] as const);
}

function slotMetrics(history: History): Metric[] {
  const slots = newestOf(history, 'slots')?.slots ?? [];
  const of = (value: (slot: (typeof slots)[number]) => number | null): Metric['values'] =>
    slots.map((slot) => ({labels: {slot: slot.name, ours: String(slot.ours)}, value: value(slot)}));
  return [
    {
      name: 'longhaul_slot_retained_bytes',
      help: 'WAL that the slot keeps on the primary.',
      values: of((slot) => slot.retainedBytes),
    },
    {
      name: 'longhaul_slot_safe_wal_bytes',
      help: 'WAL until max_slot_wal_keep_size kills the slot.',
      values: of((slot) => slot.safeWalBytes),
    },
    {name: 'longhaul_slot_active', help: 'Whether somebody reads the slot.', values: of((slot) => Number(slot.active))},
    {
      name: 'longhaul_slot_lost',
      help: 'Whether the server has invalidated the slot.',
      values: of((slot) => Number(isLost(slot))),
    },
  ];
}

function serverMetrics(history: History): Metric[] {
  const all = [...history.newest.values()];
  const pick = (value: (reading: Reading) => {server: string; value: number | null} | null): Metric['values'] =>
    all.flatMap((reading) => {
      const found = value(reading);
      return found === null ? [] : [{labels: {server: found.server}, value: found.value}];
    });
  const replica = newestOf(history, 'replica');
  const backlog = replica?.backlogBytes ?? null;
  return [
    {
      name: 'longhaul_wal_directory_bytes',
      help: 'Size of pg_wal.',
      values: pick((reading) => (reading.probe === 'wal' ? {server: reading.server, value: reading.walBytes} : null)),
    },
    {
      name: 'longhaul_wal_bytes_per_second',
      help: 'WAL that the primary writes.',
      values: [{labels: {}, value: newestOf(history, 'primary')?.walBytesPerSecond ?? null}],
    },
    {
      name: 'longhaul_asked_share',
      help: 'Share of one connection to the primary that our questions take.',
      values: [{labels: {}, value: newestOf(history, 'primary')?.askedShare ?? null}],
    },
    {
      name: 'longhaul_disk_free_bytes',
      help: 'Free bytes of the disk.',
      values: pick((reading) =>
        reading.probe === 'disk' ? {server: reading.server, value: reading.disk.freeBytes} : null,
      ),
    },
    {
      name: 'longhaul_disk_runway_seconds',
      help: 'Forecast: seconds until the disk is full.',
      values: pick((reading) =>
        reading.probe === 'runway'
          ? {server: reading.server, value: reading.runway === null ? null : reading.runway.minutes * 60}
          : null,
      ),
    },
    {
      name: 'longhaul_replica_backlog_bytes',
      help: 'WAL received and not replayed.',
      values: [{labels: {}, value: backlog}],
    },
    {
      name: 'longhaul_replica_paused',
      help: 'Whether replay is paused.',
      values: [{labels: {}, value: replica === null ? null : Number(replica.paused)}],
    },
    {
      name: 'longhaul_oldest_transaction_seconds',
      help: 'Age of the oldest transaction on the primary.',
      values: pick((reading) =>
        reading.probe === 'transactions' ? {server: reading.server, value: reading.oldestSeconds} : null,
      ),
    },
  ];
}

/** Figures are metrics by their own names: `longhaul_wraparound_xid_age`. */
function figureMetrics({newest}: History): Metric[] {
  const seen = [...newest.values()].flatMap((reading) =>
    reading.probe === 'figures'
      ? reading.figures.map((figure) => ({...figure, metric: `longhaul_${reading.of}_${figure.name}`, reading}))
      : [],
  );
  return [...Map.groupBy(seen, ({metric}) => metric)].map(([name, figures]) => ({
    name,
    help: `${figures[0]?.label ?? name} (${figures[0]?.unit ?? 'count'}).`,
    values: figures.map(({value, of, reading: {server}}) => ({labels: {server, ...(of === null ? {} : {of})}, value})),
  }));
}

function loadMetrics(history: History, state: RunState): Metric[] {
  const eta = newestOf(history, 'eta')?.eta;
  const counts = ['queued', 'running', 'committed', 'failed'].map((status) => ({
    labels: {status},
    value: state.units.filter((unit) => unit.state.status === status).length,
  }));
  const seconds = eta?.loadMinutes == null ? null : eta.loadMinutes * 60;
  return [
    {name: 'longhaul_units', help: 'Load units by status.', values: state.units.length === 0 ? [] : counts},
    {
      name: 'longhaul_load_left_bytes',
      help: 'Heap and TOAST bytes left to load.',
      values: [{labels: {}, value: eta?.bytesLeft ?? null}],
    },
    {
      name: 'longhaul_load_eta_seconds',
      help: 'Forecast: seconds until everything is loaded.',
      values: [{labels: {}, value: seconds}],
    },
  ];
}

function formatLabels(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(
      ([name, value]) =>
        `${name}="${value
          .replaceAll('\\', '\\\\')
          .replaceAll('"', String.raw`\"`)
          .replaceAll('\n', String.raw`\n`)}"`,
    )
    .join(',');
}
