import {BarChart, CustomChart, LineChart} from 'echarts/charts';
import {GridComponent, LegendComponent} from 'echarts/components';
import {init, use as register, type EChartsCoreOption} from 'echarts/core';
import {SVGRenderer} from 'echarts/renderers';
import {printable} from '../../domain/base/printable.ts';
import type {Bar} from './bars.ts';
import type {Curve} from '../measured/series.ts';
import type {Scale} from './scales.ts';

register([BarChart, CustomChart, LineChart, GridComponent, LegendComponent, SVGRenderer]);

const WIDTH = 1080;
/** The page's colours, so that a drawing is dark where the page is. */
const INK = 'var(--ink)';
const FAINT = 'var(--rule)';
const COLOURS = [1, 2, 3, 4, 5, 6].map((n) => `var(--c${n})`);
const ROW_HEIGHT = 22;
/** Of the small print in a bar, on the safe side. */
const LETTER_WIDTH = 7;
const MARGIN = {left: 190, right: 24, top: 34, bottom: 30};

const text = {color: INK, fontFamily: 'system-ui, sans-serif', fontSize: 12};
const axis = {
  axisLabel: {...text, hideOverlap: true},
  axisLine: {lineStyle: {color: FAINT}},
  axisTick: {lineStyle: {color: FAINT}},
  splitLine: {lineStyle: {color: FAINT}},
};
/** Times as the journal has them, in UTC. */
const clock = {
  ...axis,
  type: 'time',
  axisLabel: {
    ...axis.axisLabel,
    formatter: {
      year: '{yyyy}',
      month: '{MM}-{dd}',
      day: '{MM}-{dd}',
      hour: '{HH}:{mm}',
      minute: '{HH}:{mm}',
      second: '{HH}:{mm}:{ss}',
    },
  },
};

function render(option: EChartsCoreOption, height: number): string {
  const chart = init(null, null, {renderer: 'svg', ssr: true, width: WIDTH, height});
  chart.setOption({animation: false, useUTC: true, textStyle: text, color: COLOURS, ...option});
  const svg = chart.renderToSVGString();
  chart.dispose();
  // A line of the legend has no inside, and says black of it.
  return svg.replace(/^<svg /, '<svg role="img" ').replaceAll('fill="#000"', 'fill="none"');
}

const LINE_OF = {forecast: {width: 2, type: 'dashed'}, range: {width: 1, type: 'dotted'}} as const;

/** An axis from nothing up to the greatest of these, with a line at each round value. */
function upTo(values: readonly (number | null)[], {value, stepFor}: Scale): object {
  const most = values.reduce<number>((greatest, one) => Math.max(greatest, one ?? 0), 0);
  const step = stepFor(most);
  return {
    ...axis,
    type: 'value',
    min: 0,
    max: Math.max(1, Math.ceil(most / step)) * step,
    interval: step,
    axisLabel: {...axis.axisLabel, formatter: value},
  };
}

/** A line for each curve over time, each with its name above. Names are printed as they may be. Gives an SVG. */
export function drawCurves(curves: readonly Curve[], scale: Scale): string {
  const names = curves.map(({name}) => printable(name));
  const widest = Math.max(...names.map((name) => name.length));
  return render(
    {
      grid: {...MARGIN, left: 90},
      legend: {
        textStyle: text,
        top: 0,
        // Nothing here knows how wide a letter is in the reader's browser.
        itemGap: 12 + widest * 2,
        itemWidth: 32,
        itemStyle: {opacity: 0},
        backgroundColor: 'transparent',
        borderColor: 'transparent',
        data: names,
      },
      xAxis: clock,
      yAxis: upTo(
        curves.flatMap(({points}) => points.map(([, one]) => one)),
        scale,
      ),
      series: curves.map(({name, points, as, pair}, at) => ({
        name: printable(name),
        type: 'line',
        symbol: points.length === 1 ? 'circle' : 'none',
        color: COLOURS[(pair ?? at) % COLOURS.length],
        lineStyle: as === undefined ? {width: 2} : LINE_OF[as],
        data: points,
      })),
    },
    300,
  );
}

const COLOUR_OF: Readonly<Record<Bar['end'], string>> = {
  done: 'var(--c1)',
  failed: 'var(--bad)',
  waited: 'var(--rule)',
  'goes on': 'var(--c2)',
};

/** Milliseconds from a moment of their own, as seconds. */
const since = {...axis, type: 'value', axisLabel: {...axis.axisLabel, formatter: (ms: number) => `${ms / 1000} s`}};

/** Bars over time, a row for each name, in the order in which they are given; `seconds`: their times count from a moment of their own. Gives an SVG. */
export function drawBars(bars: readonly Bar[], by: 'clock' | 'seconds' = 'clock'): string {
  const rows = [...new Set(bars.map(({row}) => printable(row)))];
  // What has failed lies over the others.
  const drawn = bars.toSorted((a, b) => Number(a.end === 'failed') - Number(b.end === 'failed'));
  return render(
    {
      grid: {...MARGIN, top: 8},
      xAxis: by === 'clock' ? clock : since,
      yAxis: {...axis, type: 'category', inverse: true, data: rows, splitLine: {show: false}, axisTick: {show: false}},
      series: [
        {
          type: 'custom',
          encode: {x: [1, 2], y: 0},
          data: drawn.map(({row, fromMs, toMs, end}) => ({
            value: [printable(row), fromMs, toMs],
            itemStyle: {color: COLOUR_OF[end]},
          })),
          renderItem: (params: {readonly dataIndex: number}, api: Drawing) =>
            drawBar(api, nameIn(drawn[params.dataIndex])),
        },
      ],
    },
    rows.length * ROW_HEIGHT + MARGIN.bottom + 8,
  );
}

/** What ECharts tells of the one datum that is drawn. */
interface Drawing {
  value(dimension: number): number;
  coord(point: readonly [number, number]): [number, number];
  visual(name: 'color'): string;
}

/** A step's bars are in a line that has its name. */
function nameIn(bar: Bar | undefined): string {
  return bar === undefined || bar.name === bar.row ? '' : printable(bar.name);
}

/** A bar is never thinner than two points: what took a second in five days is seen, too. Its name is in it where there is room. */
function drawBar(api: Drawing, name: string): object {
  const [fromX, y] = api.coord([api.value(1), api.value(0)]);
  const [toX] = api.coord([api.value(2), api.value(0)]);
  const height = ROW_HEIGHT * 0.6;
  const width = Math.max(2, toX - fromX);
  const bar = {
    type: 'rect',
    shape: {x: fromX, y: y - height / 2, width, height},
    style: {fill: api.visual('color'), stroke: 'var(--paper)', lineWidth: 1},
  };
  if (name === '' || name.length * LETTER_WIDTH > width) return bar;
  const words = {...text, text: name, x: fromX + 4, y, fill: 'var(--paper)', fontSize: 10, textVerticalAlign: 'middle'};
  return {type: 'group', children: [bar, {type: 'text', style: words}]};
}

/** A bar with what is written behind it. */
export interface Amount {
  readonly name: string;
  readonly amount: number;
  readonly label: string;
}

/** A horizontal bar for each name, the first on top. Gives an SVG. */
export function drawAmounts(amounts: readonly Amount[], scale: Scale): string {
  return render(
    {
      grid: {...MARGIN, top: 8, left: 260, right: 130},
      xAxis: upTo(
        amounts.map(({amount}) => amount),
        scale,
      ),
      yAxis: {
        ...axis,
        type: 'category',
        inverse: true,
        data: amounts.map(({name}) => printable(name)),
        axisLabel: {...axis.axisLabel, width: 200, overflow: 'truncate'},
      },
      series: [
        {
          type: 'bar',
          barMaxWidth: 14,
          data: amounts.map(({amount}) => amount),
          label: {
            show: true,
            position: 'right',
            ...text,
            formatter: ({dataIndex}: {readonly dataIndex: number}) => amounts[dataIndex]?.label ?? '',
          },
        },
      ],
    },
    amounts.length * ROW_HEIGHT + MARGIN.bottom + 8,
  );
}
