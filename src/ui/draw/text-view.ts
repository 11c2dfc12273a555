import {type Line, span} from '../screen/span.ts';
import {padEnd} from '../screen/width.ts';
import {wrapText} from '../screen/wrap.ts';
import type {Fact} from '../view-model/facts.ts';
import type {FindingRow} from '../view-model/findings.ts';

/** Facts as rows: labels in a column, texts wrapped beside them. */
export function drawFacts(facts: readonly Fact[], width: number): Line[] {
  const labelWidth = Math.min(20, Math.max(8, ...facts.map((fact) => fact.label.length)) + 2);
  return facts.flatMap(({label, text}) =>
    wrapText(text, Math.max(10, width - labelWidth - 2)).map((row, i): Line => [
      span(` ${padEnd(i === 0 ? label : '', labelWidth)}`, 'dim'),
      span(row),
    ]),
  );
}

/** Alarms and findings as rows: what was seen, and its remedy below it. */
export function drawFindings(rows: readonly FindingRow[], width: number): Line[] {
  if (rows.length === 0) return [[span(' no alarm and no finding', 'good')]];
  return rows.flatMap((row) => {
    const seen = wrapText(`${row.subject}: ${row.seen}`, width - 13);
    const remedy = row.remedy === '' ? [] : wrapText(row.remedy, width - 13);
    return [
      ...seen.map((text, i): Line => [span(` ${padEnd(i === 0 ? row.kind : '', 10)} `, row.tone), span(text)]),
      ...remedy.map((text, i): Line => [span(` ${padEnd(i === 0 ? '  do' : '', 10)} `, 'dim'), span(text, 'accent')]),
      [span(' ')],
    ];
  });
}
