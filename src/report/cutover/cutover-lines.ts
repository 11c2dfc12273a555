import {visitorWords} from '../../domain/run/cutover/visitors.ts';
import {inline} from '../markdown.ts';
import {stoppedInAll, type StopPart, type WriteStop} from './write-stops.ts';

const TITLES: Readonly<Record<WriteStop['what'], string>> = {cutover: 'Cutover', back: 'Way back'};

/** Every cutover and way back: how it ended, how long nobody could write, and with what. Markdown, a section for each. Pure. */
export function cutoverSections(stops: readonly WriteStop[]): string[] {
  const count = {cutover: 0, back: 0};
  return stops.map((stop) => {
    count[stop.what] += 1;
    const several = stops.filter(({what}) => what === stop.what).length > 1;
    const rows = stop.parts.map((part) => `| ${inline(part.name)} | ${offset(part.fromMs)} | ${took(part)} |`);
    const table =
      rows.length === 0 ? [] : ['', '| Part | After the first refused write | Took |', '| --- | --- | --- |', ...rows];
    return [`## ${TITLES[stop.what]}${several ? ` ${count[stop.what]}` : ''}`, '', ...words(stop), ...table].join('\n');
  });
}

/** How long nobody could write: `2.25 s`, or `4.13 s in all: 2.88 s, way back 1.25 s`; in words where nothing was ever refused. Pure. */
export function stopsInWords(stops: readonly WriteStop[]): string {
  const all = stoppedInAll(stops);
  if (all === null) return 'none; it comes with the cutover';
  const each = stops.flatMap(({what, stoppedMs}) =>
    stoppedMs === null ? [] : [`${what === 'back' ? 'way back ' : ''}${seconds(stoppedMs)}`],
  );
  return each.length === 1 ? seconds(all) : `${seconds(all)} in all: ${each.join(', ')}`;
}

function words({what, begunAt, by, stoppedAt, allowedAt, stoppedMs, end, reason, visitors}: WriteStop): string[] {
  return [
    `- Begun: ${begunAt}, by ${inline(by)}`,
    stoppedAt === null
      ? '- Writes: were not stopped'
      : `- Write stop: ${seconds(stoppedMs ?? 0)}, from ${stoppedAt}${allowedAt === null ? ', and it GOES ON' : ` to ${allowedAt}`}`,
    `- End: ${end}${reason === null ? '' : `: ${inline(reason)}`}`,
    ...visitors.map(
      (one) => `- Seen on the ${what === 'back' ? 'target' : 'source'} since then: ${inline(visitorWords(one))}`,
    ),
  ];
}

function took({tookMs, failed}: StopPart): string {
  return `${tookMs === null ? 'goes on' : seconds(tookMs)}${failed ? ', FAILED' : ''}`;
}

function offset(ms: number): string {
  return ms < 0 ? `${seconds(-ms)} before` : seconds(ms);
}

/** A write stop is one of seconds: `1.24 s`, and from ten minutes on `12 min`. Pure. */
export function seconds(ms: number): string {
  return ms < 600_000 ? `${(ms / 1000).toFixed(2)} s` : `${Math.round(ms / 60_000)} min`;
}
