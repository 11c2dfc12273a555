import {LEAVE_BOUNDARY} from '../../domain/pg/boundary.ts';
import {isDeepStrictEqual} from 'node:util';
import type {Document, LineCounter} from 'yaml';
import type {Config} from '../../config/config.ts';
import {decodeUtf8} from '../../config/decode-text.ts';
import {placeOf} from '../../config/place-of.ts';
import {readYaml} from '../../config/read-yaml.ts';
import type {Inventory} from '../../domain/pg/inventory.ts';
import type {Finding} from '../../domain/run/finding.ts';
import type {LoadUnit} from '../../domain/run/load-unit.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {printable} from '../../domain/base/printable.ts';
import {writeRelation, type RelationName} from '../../domain/pg/relation.ts';
import type {SlotPlan} from '../../domain/pg/slot-plan.ts';
import {formatBytes} from '../../domain/base/units.ts';
import {captureNeeds} from '../capture/needs.ts';
import {readInventoryFile} from '../inventory/inventory-file.ts';
import {readBytesIfThere, readIfThere, writeWhole, type RunFolder} from '../run/run-folder.ts';
import type {StepContext} from '../step.ts';
import {judgePlan} from './judge-plan.ts';
import {formatCuts, rangesIn} from './plan-cuts.ts';
import {unitsOf} from './plan-units.ts';
import {entries, type WrittenPlan} from './written-plan.ts';

/** Which table goes through which slot and in which unit. */
export interface Plan {
  readonly slots: SlotPlan;
  readonly units: readonly LoadUnit[];
}

/** The plan that the run goes by, as the operator may have edited it, checked against the inventory. Throws `config` with the lines. */
export async function readPlan(ctx: Pick<StepContext, 'folder' | 'config'>): Promise<Plan> {
  const {folder, config} = ctx;
  const bytes = await readBytesIfThere(folder.plan);
  if (bytes === null) {
    throw new LonghaulError({
      code: 'failed',
      message: `there is no plan yet (${folder.plan})`,
      remedy: 'longhaul plan, or longhaul run --from plan-slots',
    });
  }
  const text = textOf(folder.plan, bytes);
  const inventory = await readInventoryFile(ctx);
  const withSlots = captureNeeds(config).slots !== null;
  const last = LAST_READ.get(folder);
  if (last?.text === text && last.withSlots === withSlots && last.takenAt === inventory.takenAt) return last.plan;
  const plan = parsePlan(text, {path: folder.plan, inventory, withSlots});
  LAST_READ.set(folder, {text, withSlots, takenAt: inventory.takenAt, plan});
  return plan;
}

/** An editor may have saved it in another encoding. */
function textOf(path: string, bytes: Buffer): string {
  const decoded = decodeUtf8(bytes);
  if ('text' in decoded) return decoded.text;
  throw wrong(path, [`${decoded.line === null ? '' : `line ${decoded.line}: `}${decoded.seen}`]);
}

/** Every step asks for the plan, and one of ten thousand tables takes a second to read: what was read last is kept, as long as it is the same text. */
const LAST_READ = new WeakMap<
  RunFolder,
  {readonly text: string; readonly withSlots: boolean; readonly takenAt: string; readonly plan: Plan}
>();

/** Keeps a plan as a file for the operator to read and edit, with what of longhaul.yaml its units were cut by. */
export async function writePlan(folder: RunFolder, plan: Plan, load: CutBy): Promise<void> {
  await writeWhole(folder.plan, `${formatPlanFile(plan)}\n${CUT_BY}${JSON.stringify(cutBy(load))}\n`);
}

/** The keys of longhaul.yaml that units are cut by. */
export type CutBy = Pick<Config['load'], 'bigTables' | 'unitBytes' | 'method'>;

const CUT_BY = '# The units were cut by this in `load` of longhaul.yaml: ';

/** By the keys of longhaul.yaml; those of which `longhaul run` says that only another plan has them count. */
function cutBy({bigTables, unitBytes, method}: CutBy): Readonly<Record<string, unknown>> {
  return {big_tables: bigTables, unit_size: unitBytes, method};
}

/** The keys of longhaul.yaml, `load.big_tables`, that are others than what the units of this plan's text were cut by; none where it does not say. Pure. */
export function changedSinceCut(text: string, load: CutBy): string[] {
  const line = text.split('\n').findLast((one) => one.startsWith(CUT_BY));
  const [was] = line === undefined ? [] : parseCut(line.slice(CUT_BY.length));
  if (was === undefined) return [];
  return Object.entries(cutBy(load))
    .filter(([key, value]) => !isDeepStrictEqual(was[key], value))
    .map(([key]) => `load.${key}`);
}

function parseCut(text: string): Record<string, unknown>[] {
  try {
    const was: unknown = JSON.parse(text);
    return typeof was === 'object' && was !== null ? [{...was}] : [];
  } catch {
    // Somebody's own words: it is a comment.
    return [];
  }
}

/** What to do where a key that units are cut by was changed under their plan. */
export const CUT_AGAIN = `the units stay as they are in plan.yaml: put it back, or longhaul plan --fresh makes inventory and plan anew (an edited plan.yaml is replaced); and where something is loaded already, ${LEAVE_BOUNDARY}`;

/** A warning where the units of the plan were cut by something else than longhaul.yaml says by now. */
export async function judgeCutKeys({folder, config}: Pick<StepContext, 'folder' | 'config'>): Promise<Finding[]> {
  const changed = changedSinceCut((await readIfThere(folder.plan)) ?? '', config.load);
  if (changed.length === 0) return [];
  return [
    {
      check: 'plan-slots.cut-otherwise',
      severity: 'warning',
      subject: 'units of the plan',
      seen: `longhaul.yaml was changed since they were cut: ${changed.join(', ')}`,
      remedy: CUT_AGAIN,
    },
  ];
}

/** The plan's text. */
export function formatPlanFile({slots, units}: Plan): string {
  return [
    '# The plan of the run: made by longhaul, read by it again, yours to edit until the slots are made.\n',
    '# Every table stays in exactly one unit, or whole in the parts that its units are named by (.pages-N-M, .key-N-of-M), each row in one of them; and, where it is captured,\n',
    '# in exactly one slot.\n\n',
    ...(slots.slots.length === 0
      ? ['# None: what is written after P is not captured.\nslots:\n  {}\n']
      : ['# Each slot is one CDC task.\nslots:\n']),
    ...slots.slots.map((slot) => `  ${slot.name}: # ${printable(slot.why)}\n${listed(slot.tables)}`),
    '\n# Each unit is one pipeline and one transaction; they start in this order. `rest` has the sequences and the configuration of extensions as well.\nunits:\n',
    ...(units.length === 0
      ? ['  {}\n']
      : units.map((unit) => `  ${unit.id}: # ${formatBytes(unit.bytes)}\n${listed(unit.tables)}`)),
    formatCuts(units),
  ].join('');
}

function listed(tables: readonly RelationName[]): string {
  return tables.length === 0
    ? '    []\n'
    : tables.map((table) => `    - ${JSON.stringify(writeRelation(table))}\n`).join('');
}

/** What a plan's text is read with. */
export interface PlanSource {
  readonly path: string;
  readonly inventory: Inventory;
  /** Whether tables are replicated, so that each of them has to be in a slot. */
  readonly withSlots: boolean;
}

/** Reads a plan's text. Pure; throws `config` with everything that is wrong and where. */
export function parsePlan(text: string, {path, inventory, withSlots}: PlanSource): Plan {
  const read = readYaml(text);
  if ('problems' in read)
    throw wrong(
      path,
      read.problems.map(({line, words}) => `line ${line}: ${words}`),
    );
  const {content, document, lines} = read;
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw wrong(path, [
      content === null
        ? 'the file is empty, or all of it is commented out'
        : 'line 1: it has no sections slots and units',
    ]);
  const written: WrittenPlan = content;
  const problems = judgePlan(written, inventory, withSlots);
  if (problems.length > 0) {
    throw wrong(
      path,
      problems.map(({at, words}) => `${lineOf(document, lines, at)}${words}`),
    );
  }
  const [make, withRange] = [unitsOf(inventory), rangesIn(written.cuts)];
  return {
    slots: {
      slots: entries(written.slots).map(({name, tables}) => ({name, why: 'as in the plan', tables})),
    },
    units: entries(written.units).map(({name, tables}) => withRange(make(name, tables))),
  };
}

function lineOf(document: Document, lines: LineCounter, at: readonly (string | number)[]): string {
  const place = placeOf(document, lines, at);
  return place === null ? '' : `line ${place.line}: `;
}

/** More than these are of one kind: a section that is gone leaves every table out. */
const MOST_TOLD = 20;

function wrong(path: string, problems: readonly string[]): LonghaulError {
  const more = problems.length - MOST_TOLD;
  const told = problems.slice(0, MOST_TOLD).map((problem) => printable(problem));
  return new LonghaulError({
    code: 'config',
    message: `${path}: ${[...told, ...(more > 0 ? [`and ${more} more`] : [])].join('\n  ')}`,
    remedy: 'mend what is named, or delete the file: longhaul plan makes it anew',
  });
}
