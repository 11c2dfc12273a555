import type {StepState} from '../../domain/run/run-state.ts';
import {screenText} from '../screen/screen-text.ts';
import {type Line, span} from '../screen/span.ts';
import {clip, padEnd, padStart, widthOf} from '../screen/width.ts';
import type {Live} from '../store/live.ts';
import {evidenceFacts} from './steps/evidence.ts';
import {type Detail, type Fact, fact} from '../view-model/facts.ts';
import {dayAndMinute} from '../view-model/iso-time.ts';
import {currentStep, isBehind, isQuiet, type StepRow, stepRows, toneOfStep} from '../view-model/step-rows.ts';
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

function columns({width}: Canvas): readonly Column<StepRow>[] {
  const wide = width >= 70;
  const room = width - (wide ? 14 : 6);
  const phase: Column<StepRow> = {width: 8, cell: (row) => span(row.phase, 'dim')};
  return [
    {width: 3, cell: ({number}) => span(padStart(String(number), 2), 'dim')},
    ...(wide ? [phase] : []),
    {width: 2, cell: ({status}, {symbols}) => span(symbols[status], toneOfStep(status))},
    {
      width: null,
      cell: (row) => [...titleAndRemark(row, room - tookWidth(row)), span(padStart(row.took, tookWidth(row)), 'dim')],
    },
  ];
}

/** As wide as the usual ones, so that remarks end in a column; nothing where there is none. */
function tookWidth({took}: StepRow): number {
  return took === '' ? 0 : Math.max(TOOK_WIDTH, widthOf(took) + 1);
}

/** `12:58`, and a blank. */
const TOOK_WIDTH = 6;
/** Of the title, so much stays where a remark matters more. */
const LEAST_TITLE = 12;
/** Cells between the title and the remark. */
const GAP = 2;

/**
 * The title, and at the right end what it came to. A remark that is cut to a few letters says nothing: of what is done it is left out where it does not
 * fit (Enter shows it), and of what runs, waits or has failed it has half of the room.
 */
function titleAndRemark({title, remark, status}: StepRow, room: number): Line {
  const isNow = status === 'running' || status === 'waiting' || status === 'failed';
  const fits = widthOf(title) + GAP + widthOf(remark) <= room;
  const titleLeast = Math.max(LEAST_TITLE, Math.min(widthOf(title), Math.floor((room - GAP) / 2)));
  const most = fits ? widthOf(remark) : isNow ? Math.min(widthOf(remark), room - titleLeast - GAP) : 0;
  const remarkWidth = remark === '' ? 0 : most;
  const titleWidth = remarkWidth === 0 ? room : room - remarkWidth - GAP;
  return [
    span(padEnd(title, titleWidth), isQuiet(status) ? 'dim' : 'plain'),
    ...(remarkWidth === 0
      ? []
      : [span(`${' '.repeat(GAP)}${clip(remark, remarkWidth)}`, isNow ? toneOfStep(status) : 'dim')]),
  ];
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
        ...state.actions.flatMap((action) => action.split('\n')).map((line, i) => fact(i === 0 ? 'runs' : '', line)),
      ];
    case 'running':
      return [
        fact('state', `running since ${dayAndMinute(state.startedAt)} UTC`),
        ...(state.progress === null
          ? []
          : [fact('now', `${state.progress.done} of ${state.progress.total}, ${state.progress.what}`)]),
      ];
    case 'failed':
      return [
        fact('state', `failed at ${dayAndMinute(state.endedAt)} UTC`),
        fact('failure', state.failure.message),
        fact('remedy', state.failure.remedy),
      ];
    case 'done':
      return [
        fact('state', `done at ${dayAndMinute(state.endedAt)} UTC${state.already ? ', was already so' : ''}`),
        ...evidenceFacts(state.evidence),
      ];
  }
}
