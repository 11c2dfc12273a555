import {z} from 'zod';
import type {FinalStepId} from '../final-steps.ts';
import {ANCHOR} from './anchor.ts';
import {CDC} from './cdc.ts';
import {CUTOVER} from './cutover.ts';
import {LOAD} from './load.ts';
import {PREPARE} from './prepare.ts';

/** What each step of this version comes to, which the journal keeps and later steps decide by. */
export const EVIDENCE = {...PREPARE, ...ANCHOR, ...LOAD, ...CDC, ...CUTOVER} satisfies Partial<
  Record<FinalStepId, z.ZodObject>
>;

type Evidenced = keyof typeof EVIDENCE;

/** What a step that has run comes to: `{afterTablesLsn: '16/B374D848', …}`. */
export type Evidence<Id extends Evidenced = Evidenced> = {[Step in Id]: z.infer<(typeof EVIDENCE)[Step]>}[Id];

/** Of a step that is not checked any more, because what it is for is over. */
export interface Served {
  readonly served: string;
}

const served = z.object({served: z.string()}).partial();

/** What the journal has of a step. A key may be missing where an earlier version wrote it, or where the step has only `served`. */
export type KnownEvidence<Id extends Evidenced = Evidenced> = {
  [Step in Id]: Readonly<Partial<z.infer<(typeof EVIDENCE)[Step]> & Served>>;
}[Id];

/** What is known of every step that was ever done. */
export type EvidenceOfSteps = {readonly [Id in Evidenced]?: KnownEvidence<Id>};

/**
 * What is wrong with a step's evidence as a journal has it, `afterTablesLsn: is no LSN`; null where it can be believed. Keys that this version
 * does not know are left alone. Pure.
 */
export function judgeEvidence(step: Evidenced, evidence: unknown): string | null {
  const schema: z.ZodObject = EVIDENCE[step];
  const {error} = schema.partial().extend(served.shape).safeParse(evidence);
  const [issue] = error?.issues ?? [];
  return issue === undefined ? null : [issue.path.join('.'), issue.message].filter((part) => part !== '').join(': ');
}
