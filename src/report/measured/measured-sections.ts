import {formatMinutes} from '../../domain/base/minutes.ts';
import {formatBytes, formatCount, formatDuration} from '../../domain/base/units.ts';
import {headOf, rowOf} from '../markdown.ts';
import {soLongBefore} from './disk-forecast.ts';
import type {Report} from '../report-data.ts';
import {slowestOf, type LoadedTable} from './loaded-tables.ts';

/** The largest and the slowest tables of this number are in the Markdown; the JSON has all. */
const MOST_TABLES = 25;

/** The largest tables and those that took longest, with their rates; Markdown, none before anything is in. Pure. */
export function tableLines(tables: readonly LoadedTable[]): string[] {
  if (tables.length === 0) return [];
  const shown = new Set([...tables.slice(0, MOST_TABLES), ...slowestOf(tables, MOST_TABLES)]);
  const rest = tables.length - shown.size;
  return [
    ...headOf(['Table', 'Bytes', 'Rows', 'Time of lanes', 'A lane', 'Units']),
    ...tables.filter((one) => shown.has(one)).map((one) => tableRow(one)),
    ...(rest === 0
      ? []
      : ['', `And ${formatCount(rest)} smaller and quicker ones: longhaul report --json has all of them.`]),
  ];
}

function tableRow({name, bytes, rows, tookMs, bytesPerSecond, units}: LoadedTable): string {
  const rate = bytesPerSecond === null ? '' : `${formatBytes(bytesPerSecond)}/s`;
  return rowOf([name, formatBytes(bytes), formatCount(rows), formatDuration(tookMs), rate, String(units)]);
}

/** What was forecast beside what came: the end of the load, and each disk's free space. Markdown, none where nothing was kept. Pure. */
export function forecastLines({load, disks}: Report['forecasts']): string[] {
  const loads =
    load.length === 0
      ? []
      : [
          ...headOf(['At', 'Of the load', 'Load ends in, said', 'Range', 'It took', 'Off']),
          ...load.map(({at, share, saidMinutes, soonestMinutes, latestMinutes, tookMinutes}) => {
            const off = tookMinutes === 0 ? '' : `${signed(Math.round((saidMinutes / tookMinutes - 1) * 100))} %`;
            const range = `${formatMinutes(soonestMinutes)} to ${formatMinutes(latestMinutes)}`;
            const part = `${Math.round(share * 100)} %`;
            return rowOf([at, part, formatMinutes(saidMinutes), range, formatMinutes(tookMinutes), off]);
          }),
          '',
        ];
  const lines = disks.map(({server, leastFreeBytes, leastFreeAt, aheadMs, compared, held, offBytes}) => {
    const least = `- Disk of the ${server}: at the least ${formatBytes(leastFreeBytes)} were free, at ${leastFreeAt}`;
    if (compared === 0 || offBytes === null) return `${least}; nothing was forecast`;
    const off = `${formatBytes(Math.abs(offBytes))} ${offBytes < 0 ? 'less' : 'more'}`;
    return `${least}. Of ${formatCount(compared)} moments that were forecast ${soLongBefore(aheadMs)}, ${formatCount(held)} had no less free than the least that was said; usually ${off} than what was likely`;
  });
  return [...loads, ...lines];
}

function signed(percent: number): string {
  return percent > 0 ? `+${percent}` : String(percent);
}
