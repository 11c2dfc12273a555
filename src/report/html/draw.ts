import {BarChart, CustomChart, LineChart} from 'echarts/charts';
import {GridComponent, LegendComponent} from 'echarts/components';
import {init, use as register, type EChartsCoreOption} from 'echarts/core';
import {SVGRenderer} from 'echarts/renderers';
import {printable} from '../../domain/base/printable.ts';
import type {Bar} from './bars.ts';
import type {Curve} from './curves.ts';

register([BarChart, CustomChart, LineChart, GridComponent, LegendComponent, SVGRenderer]);

const WIDTH = 1080;
/** The page's colours, so that a drawing is dark where the page is. */
const INK = 'var(--ink)';
const FAINT = 'var(--rule)';
const COLOURS = [1, 2, 3, 4, 5, 6].map((n) => `var(--c${n})`);
const ROW_HEIGHT = 22;
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
  return svg.replace(/^<svg /, '<svg role="img" ');
}

/** A line for each curve over time; `value` says a value of the axis in words. Names are printed as they may be. Gives an SVG. */
export function drawCurves(curves: readonly Curve[], value: (value: number) => string): string {
  return render(
    {
      grid: {...MARGIN, left: 90},
      legend: {
        textStyle: text,
        top: 0,
        backgroundColor: 'transparent',
        borderColor: 'transparent',
        icon: 'rect',
        itemHeight: 4,
        data: curves.map(({name}) => printable(name)),
      },
      xAxis: clock,
      yAxis: {...axis, type: 'value', min: 0, axisLabel: {...axis.axisLabel, formatter: value}},
      series: curves.map(({name, points, foretold = false}) => ({
        name: printable(name),
        type: 'line',
        showSymbol: points.length === 1,
        lineStyle: {width: 2, type: foretold ? 'dashed' : 'solid'},
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
  return render(
    {
      grid: {...MARGIN, top: 8},
      xAxis: by === 'clock' ? clock : since,
      yAxis: {...axis, type: 'category', inverse: true, data: rows, splitLine: {show: false}, axisTick: {show: false}},
      series: [
        {
          type: 'custom',
          encode: {x: [1, 2], y: 0},
          data: bars.map(({row, fromMs, toMs, end}) => ({
            value: [printable(row), fromMs, toMs],
            itemStyle: {color: COLOUR_OF[end]},
          })),
          renderItem: drawBar,
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

/** A bar is never thinner than two points: what took a second in five days is seen, too. */
function drawBar(_: unknown, api: Drawing): object {
  const [fromX, y] = api.coord([api.value(1), api.value(0)]);
  const [toX] = api.coord([api.value(2), api.value(0)]);
  const height = ROW_HEIGHT * 0.6;
  return {
    type: 'rect',
    shape: {x: fromX, y: y - height / 2, width: Math.max(2, toX - fromX), height},
    style: {fill: api.visual('color'), stroke: 'var(--paper)', lineWidth: 1},
  };
}

/** A horizontal bar for each name, the first on top. Gives an SVG. */
export function drawAmounts(
  amounts: readonly (readonly [name: string, amount: number])[],
  value: (value: number) => string,
): string {
  return render(
    {
      grid: {...MARGIN, top: 8, left: 260, right: 90},
      xAxis: {...axis, type: 'value', axisLabel: {...axis.axisLabel, formatter: value}},
      yAxis: {
        ...axis,
        type: 'category',
        inverse: true,
        data: amounts.map(([name]) => printable(name)),
        axisLabel: {...axis.axisLabel, width: 240, overflow: 'truncate'},
      },
      series: [
        {
          type: 'bar',
          barMaxWidth: 14,
          data: amounts.map(([, amount]) => amount),
          label: {show: true, position: 'right', ...text, formatter: ({value: one}: {value: number}) => value(one)},
        },
      ],
    },
    amounts.length * ROW_HEIGHT + MARGIN.bottom + 8,
  );
}
