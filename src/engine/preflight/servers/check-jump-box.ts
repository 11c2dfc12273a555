import {constants} from 'node:fs';
import {access, stat} from 'node:fs/promises';
import {totalmem} from 'node:os';
import {delimiter, dirname, isAbsolute, join} from 'node:path';
import type {Config} from '../../../config/config.ts';
import {parseSize} from '../../../config/quantities.ts';
import {formatBytes} from '../../../domain/base/units.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import {readSettings} from '../../../pg/session/settings.ts';
import type {StepContext} from '../../step.ts';
import {eachMemory} from '../../schema/beside/memory.ts';
import {savesUp, type Tools} from '../../tools/tools.ts';
import {found} from '../found.ts';

/** What the configuration wants of the jump box and of the target's memory, and what would only be missed in the night. */
export async function checkJumpBox(ctx: StepContext): Promise<Finding[]> {
  const {config, env} = ctx;
  return [
    ...(await checkPrograms(config, env['PATH'] ?? '')),
    ...(await checkMetricsFile(config.probes.metricsFile)),
    ...judgePv(ctx.tools, config.load),
    ...(await checkMemory(ctx)),
  ];
}

const {warning, note} = found('jump box');

/** Programs that the configuration names, and the console's pager. */
export async function checkPrograms(
  {alarms, disks}: Pick<Config, 'alarms' | 'disks'>,
  path: string,
): Promise<Finding[]> {
  const named = [
    ['alarms.command', alarms.command, 'nobody would be told of an alarm'],
    ...(['source', 'replica', 'target'] as const).map(
      (role) => [`disks.${role}.command`, disks[role].command, 'its free space would stay unknown'] as const,
    ),
  ] as const;
  const findings: Finding[] = [];
  for (const [key, command, lost] of named) {
    const program = command?.[0];
    if (program === undefined || (await isProgram(program, path))) continue;
    const where = isAbsolute(program) ? '' : ' in PATH';
    findings.push(
      warning(
        'program',
        `${key} names ${program}, and there is no such program${where} that this user may run: ${lost}`,
        `install it, make it executable (chmod +x), or name another in ${key} of longhaul.yaml`,
      ),
    );
  }
  if (!(await isProgram('less', path)))
    findings.push(
      note(
        'pager',
        'less is not installed: the console cannot show a whole log',
        'install it (apt-get install less), or read logs with longhaul logs',
      ),
    );
  return findings;
}

async function isProgram(name: string, path: string): Promise<boolean> {
  const places = name.includes('/') ? [name] : path.split(delimiter).map((folder) => join(folder, name));
  for (const place of places) if (await isAllowed(place, constants.X_OK)) return true;
  return false;
}

async function isAllowed(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}

/** What limits how much the lanes carry. Pure. */
export function judgePv(tools: Pick<Tools, 'pv'>, {rateBytes}: Pick<Config['load'], 'rateBytes'>): Finding[] {
  const {pv} = tools;
  const words = 'pv is not installed, or cannot be told another rate while it runs';
  if (pv === null && rateBytes !== null)
    return [
      warning('pv', `${words}: load.rate has no effect, the lanes load as fast as they can`, 'apt-get install pv'),
    ];
  if (pv === null) return [note('pv', `${words}: lanes can be paused, and not be slowed down`, 'apt-get install pv')];
  return savesUp(pv)
    ? [
        note(
          'pv-saves-up',
          `pv ${pv.version} saves up what a lane was allowed and did not carry: after a pause, or once a lower rate is set, it is faster than its share until that is used up`,
          'install pv 1.7.0 or newer where a rate has to hold at once; longhaul pause LANE does in any case',
        ),
      ]
    : [];
}

/** The textfile collector reads *.prom only, and a file is put there by renaming one beside it. */
export async function checkMetricsFile(path: string | null): Promise<Finding[]> {
  if (path === null) return [];
  const folder = dirname(path);
  const there = await stat(folder).catch(() => null);
  const name = path.endsWith('.prom')
    ? []
    : [
        warning(
          'metrics-name',
          `probes.metrics_file is ${path}: node_exporter's textfile collector reads only names that end in .prom`,
          `name it ${path.replace(/\.[^./]*$/, '')}.prom in longhaul.yaml`,
        ),
      ];
  const why =
    there === null
      ? `its folder ${folder} is not there`
      : !there.isDirectory()
        ? `${folder} is not a folder`
        : (await isAllowed(folder, constants.W_OK | constants.X_OK))
          ? null
          : `this user may not write in ${folder}`;
  if (why === null) return name;
  return [
    ...name,
    warning(
      'metrics-folder',
      `probes.metrics_file is ${path}, and ${why}: no metrics would be written`,
      `make the folder and let this user write there, or name another in probes.metrics_file of longhaul.yaml`,
    ),
  ];
}

const NAMES = ['maintenance_work_mem', 'shared_buffers', 'effective_cache_size'];

async function checkMemory({config, session}: Pick<StepContext, 'config' | 'session'>): Promise<Finding[]> {
  const target = await session('target');
  const settings = new Map((await target.run(readSettings(NAMES))).map(({name, value}) => [name, value]));
  const host = config.servers.target.params['host'] ?? '';
  const isHere = host.startsWith('/') || ['localhost', '127.0.0.1', '::1'].includes(host);
  const each = eachMemory(config.load);
  return judgeMemory({
    builders: config.load.indexJobs,
    eachBytes: inBytes(each ?? settings.get('maintenance_work_mem')),
    by: each === null ? 'server' : each === config.load.maintenanceWorkMem ? 'each' : 'all',
    memoryBytes: isHere ? totalmem() : guessedMemory(settings),
    isGuessed: !isHere,
  });
}

function inBytes(value: string | undefined): number {
  return parseSize(value ?? '') ?? 0;
}

/**
 * A server tells nobody its memory. Managed ones set shared_buffers to a quarter and effective_cache_size to half of it; whatever is larger
 * of four and two times these is taken for it.
 * Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.Parameters.html
 */
function guessedMemory(settings: ReadonlyMap<string, string>): number {
  return Math.max(4 * inBytes(settings.get('shared_buffers')), 2 * inBytes(settings.get('effective_cache_size')));
}

/** What index builders take together, and what there is. */
export interface MemorySeen {
  readonly builders: number;
  readonly eachBytes: number;
  /** Who says it: load.memory for all of them, load.maintenance_work_mem for each, or the server. */
  readonly by: 'all' | 'each' | 'server';
  readonly memoryBytes: number;
  readonly isGuessed: boolean;
}

/** Builders that take more than half of the target's memory leave its cache and its sessions too little; more than all of it, and it is killed. Pure. */
export function judgeMemory({builders, eachBytes, by, memoryBytes, isGuessed}: MemorySeen): Finding[] {
  const all = builders * eachBytes;
  if (memoryBytes <= 0 || all <= memoryBytes / 2) return [];
  const from = {all: 'load.memory', each: 'load.maintenance_work_mem', server: "the server's maintenance_work_mem"}[by];
  const beyond = all > memoryBytes ? 'more than' : 'more than half of';
  const known = isGuessed ? 'seems to have, by shared_buffers and effective_cache_size' : 'has';
  const fits = Math.max(1, Math.floor(memoryBytes / 2 / builders / 1024 ** 2));
  return [
    found('target')[all > memoryBytes && !isGuessed ? 'blocker' : 'warning'](
      'builders-memory',
      `${builders} index builders with ${formatBytes(eachBytes)} each (${from}) take ${formatBytes(all)}, ${beyond} the ${formatBytes(memoryBytes)} that its machine ${known}`,
      by === 'all'
        ? `set load.memory to at most ${fits * builders}MB in longhaul.yaml`
        : `set load.maintenance_work_mem to at most ${fits}MB in longhaul.yaml, or lower load.index_jobs`,
    ),
  ];
}
