/** What is planted on the target among rows that no writer touches, and how a comparison has to name it. */
export interface Planted {
  readonly sql: string;
  /** `public.accounts changed 1007`. */
  readonly named: readonly string[];
}

/** Rows beside those of test/handoffs/seed.sql, which its writers leave alone: for the source, before the run. */
export const QUIET_ROWS = `
  INSERT INTO public.accounts SELECT n, 0, 'quiet' FROM generate_series(1001, 1300) AS n;
  INSERT INTO public.big SELECT id + 1000, body, 0 FROM public.big;
  INSERT INTO public.log SELECT n, n, '2026-01-01' FROM generate_series(1001, 1100) AS n`;

/** What makes them on the target as they were. */
export const MENDED = `
  DELETE FROM public.accounts WHERE id > 1000; INSERT INTO public.accounts SELECT n, 0, 'quiet' FROM generate_series(1001, 1300) AS n;
  UPDATE public.big SET body = (SELECT body FROM public.big AS own WHERE own.id = big.id - 1000), n = 0 WHERE id > 1000;
  DELETE FROM public.log WHERE account > 1000; INSERT INTO public.log SELECT n, n, '2026-01-01' FROM generate_series(1001, 1100) AS n`;

type Kind = (at: number) => Planted;

const KINDS: readonly Kind[] = [
  (at) => ({
    sql: `DELETE FROM public.accounts WHERE id = ${1001 + at}`,
    named: [`public.accounts missing ${1001 + at}`],
  }),
  (at) => ({
    sql: `UPDATE public.accounts SET note = 'quiet ' WHERE id = ${1051 + at}`,
    named: [`public.accounts changed ${1051 + at}`],
  }),
  (at) => ({
    sql: `UPDATE public.accounts SET balance = 1 WHERE id = ${1101 + at}`,
    named: [`public.accounts changed ${1101 + at}`],
  }),
  (at) => ({
    sql: `INSERT INTO public.accounts VALUES (${1301 + at}, 0, 'quiet')`,
    named: [`public.accounts extra ${1301 + at}`],
  }),
  (at) => ({
    sql: `UPDATE public.accounts SET note = NULL WHERE id = ${1151 + at}`,
    named: [`public.accounts changed ${1151 + at}`],
  }),
  (at) => ({
    sql: `UPDATE public.big SET body = overlay(body PLACING '_' FROM ${5000 + at}) WHERE id = ${1001 + (at % 20)}`,
    named: [`public.big changed ${1001 + (at % 20)}`],
  }),
  (at) => ({
    sql: `INSERT INTO public.log VALUES (${1001 + (at % 50)}, ${1001 + (at % 50)}, '2026-01-01')`,
    named: [`public.log doubled ${1001 + (at % 50)}`],
  }),
  (at) => ({
    sql: `DELETE FROM public.log WHERE account = ${1051 + (at % 50)}`,
    named: [`public.log missing ${1051 + (at % 50)}`],
  }),
];

/** So many differences, each at a row of its own. */
export function plant(count: number, random: () => number): Planted[] {
  const chosen = new Map<string, Planted>();
  while (chosen.size < count) {
    const kind = KINDS[Math.floor(random() * KINDS.length)];
    const one = kind?.(Math.floor(random() * 50));
    if (one !== undefined) chosen.set(one.named.join(), one);
  }
  return [...chosen.values()];
}
