import type {Json} from '../../domain/base/json.ts';
import type {StepState} from '../../domain/run/run-state.ts';
import {screenText} from '../screen/screen-text.ts';
import {type Tone, span} from '../screen/span.ts';
import {padStart, widthOf} from '../screen/width.ts';
import type {Live} from '../store/live.ts';
import {type Detail, type Fact, fact} from '../view-model/facts.ts';
import {dayAndMinute} from '../view-model/iso-time.ts';
import {currentStep, isBehind, type StepRow, stepRows} from '../view-model/step-rows.ts';
import type {Canvas, Column, Pane} from './pane.ts';

/** The runbook's steps. */
export const STEPS: Pane<StepRow> = {
  id: 'steps',
  name: 'steps',
  about: "the runbook's steps; ✓ done, ▶ running, ? waits for you, ✗ failed, ○ pending.",
  place: 'steps',
  rows: stepRows,
  current: (rows) => currentStep(rows)?.id ?? null,
  empty: 'no steps yet',
  note: (_, {rows}) => `${rows.filter(isBehind).length} of ${rows.length} done`,
  columns,
  detail: ({live}, id) => detailOf(live, id),
};

function columns({width}: Canvas, rows: readonly StepRow[]): readonly Column<StepRow>[] {
  const wide = width >= 70;
  const room = width - (wide ? 24 : 16);
  // A remark that is cut to a few letters says nothing: where it does not fit the title has the row, and Enter shows the rest.
  const longest = Math.max(...rows.map((row) => widthOf(row.title)));
  const titleWidth = room < 42 ? room : Math.min(longest, room - 16);
  const remarkWidth = Math.max(0, room - titleWidth);
  const phase: Column<StepRow> = {width: 8, cell: (row) => span(row.phase, 'dim')};
  return [
    {width: 3, cell: ({number}) => span(padStart(String(number), 2), 'dim')},
    ...(wide ? [phase] : []),
    {width: 2, cell: ({status}, {symbols}) => span(symbols[status], toneOf(status))},
    {width: titleWidth, cell: ({title, status}) => span(title, isQuiet(status) ? 'dim' : 'plain')},
    {
      width: remarkWidth,
      cell: ({remark, status}) =>
        span(remarkWidth < 8 ? '' : `  ${remark}`, status === 'done' || status === 'skipped' ? 'dim' : toneOf(status)),
    },
    {width: 9, align: 'right', cell: ({took}) => span(took, 'dim')},
  ];
}

function isQuiet(status: StepRow['status']): boolean {
  return status === 'pending' || status === 'skipped';
}

function toneOf(status: StepRow['status']): Tone {
  switch (status) {
    case 'pending':
    case 'skipped':
      return 'dim';
    case 'waiting':
      return 'warn';
    case 'running':
      return 'accent';
    case 'done':
      return 'good';
    case 'failed':
      return 'bad';
  }
}

function detailOf(live: Live, id: string): Detail {
  const facts = live.facts?.steps.find((step) => step.id === id);
  const step = live.run.steps.find((one) => one.id === id);
  const findings = live.run.findings.filter((finding) => finding.step === id);
  return {
    title: screenText(facts?.title ?? id),
    facts: [
      fact('step', id),
      fact('why', facts?.why ?? ''),
      fact('asks', facts?.confirm === 'typed' ? "the run's name, typed" : 'nothing'),
      ...(step === undefined ? [] : stateFacts(step.state)),
      ...findings.flatMap((finding) => [
        fact(finding.severity, `${finding.subject}: ${finding.seen}`),
        ...(finding.remedy === '' ? [] : [fact('  remedy', finding.remedy)]),
      ]),
    ],
  };
}

function stateFacts(state: StepState): Fact[] {
  switch (state.status) {
    case 'pending':
      return [fact('state', 'pending')];
    case 'skipped':
      return [fact('state', `skipped: ${state.reason}`)];
    case 'waiting':
      return [
        fact('state', `waits since ${dayAndMinute(state.since)} UTC`),
        fact('question', state.question),
        ...state.actions.map((action, i) => fact(i === 0 ? 'runs' : '', action)),
      ];
    case 'running':
      return [fact('state', `running since ${dayAndMinute(state.startedAt)} UTC`)];
    case 'failed':
      return [
        fact('state', `failed at ${dayAndMinute(state.endedAt)} UTC`),
        fact('failure', state.failure.message),
        fact('remedy', state.failure.remedy),
      ];
    case 'done':
      return [
        fact('state', `done at ${dayAndMinute(state.endedAt)} UTC${state.already ? ', was already so' : ''}`),
        ...Object.entries(state.evidence).map(([key, value]) => fact(key, jsonText(value))),
      ];
  }
}

function jsonText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
