import {behind, type BadInput} from './bad-input.ts';

const SERVERS = 'source: host=a\nreplica: host=b\ntarget: host=c\n';
const named = (run: string): BadInput => ({
  what: `run: ${run}`,
  file: `run: ${run}\n${SERVERS}`,
  says: 'line 1:1: run: is ',
  remedy: 'write run: ',
});

/** Names that no run may have. */
export const NAMES: readonly BadInput[] = [
  ...['2024', 'true', '[a]', '{a: b}', 'Acme', 'a b', '-x', '../x', 'ä', '""', 'a'.repeat(32)].map(named),
  {what: 'run:', file: `run:\n${SERVERS}`, says: 'line 1:1: run: is missing', remedy: 'write run: acme-prod'},
  {what: 'no run', file: SERVERS, says: 'run: is missing', remedy: 'write run: acme-prod'},
  {
    what: 'no source',
    file: 'run: a\nreplica: host=b\ntarget: host=c\n',
    says: 'source: is missing',
    remedy: 'write source: host=',
  },
  {
    what: 'no replica',
    file: 'run: a\nsource: host=b\ntarget: host=c\n',
    says: 'replica: is missing',
    remedy: 'write replica: host=',
  },
  {
    what: 'no target',
    file: 'run: a\nsource: host=b\nreplica: host=c\n',
    says: 'target: is missing',
    remedy: 'write target: host=',
  },
];

/** Values of another type than the key's. */
export const TYPES = behind([
  ['load: 5\n', 'line 5:1: load: is the number 5, and must be a section', 'write load: {lanes: 6}'],
  ['load: []\n', 'line 5:1: load: is an empty list, and must be a section', 'write load: {lanes: 6}'],
  ['load: fast\n', 'line 5:1: load: is "fast", and must be a section', 'write load: {lanes: 6}'],
  ['load: {lanes: six}\n', 'line 5:8: load.lanes: is "six", and must be a whole number', 'write lanes: 6'],
  ['load: {lanes: "6"}\n', 'line 5:8: load.lanes: is "6", and must be a whole number', 'write lanes: 6'],
  ['load: {lanes: [6]}\n', 'line 5:8: load.lanes: is a list, and must be a whole number', 'write lanes: 6'],
  ['load:\n  lanes:\n', 'line 6:3: load.lanes: is empty, and must be a whole number', 'write lanes: 6'],
  ['load: {lanes: true}\n', 'line 5:8: load.lanes: is true, and must be a whole number', 'write lanes: 6'],
  ['tools: [a]\n', 'line 5:1: tools: is a list, and must be text', 'write tools: /usr'],
  ['tools: 15\n', 'line 5:1: tools: is the number 15, and must be text', 'write tools: /usr'],
  ['run_directory: 7\n', 'line 5:1: run_directory: is the number 7, and must be text', 'write run_directory: ~'],
  [
    'run_directory: {a: b}\n',
    'line 5:1: run_directory: is a section with keys, and must be text',
    'write run_directory: ~',
  ],
  ['confirm: true\n', 'line 5:1: confirm: is true, and must be typed or never', 'write confirm: typed'],
  ['confirm: [typed]\n', 'line 5:1: confirm: is a list, and must be typed or never', 'write confirm: typed'],
  [
    'tables: {include_schemas: public}\n',
    'line 5:10: tables.include_schemas: is "public", and must be a list',
    'write include_schemas: [',
  ],
  ['tables: {exclude_schemas: [5]}\n', 'line 5:28: tables.exclude_schemas, entry 1: is the number 5', 'write scratch'],
  ['tables: {include: public.a}\n', 'line 5:10: tables.include: is "public.a", and must be a list', 'write include: ['],
  ['tables: {include: [a.b, 5]}\n', 'line 5:25: tables.include, entry 2: is the number 5', 'write public.events'],
  ['tables: [a.b]\n', 'line 5:1: tables: is a list, and must be a section', 'write tables: {include_schemas: '],
  ['slots: {assign: [a.b]}\n', 'line 5:9: slots.assign: is a list, and must be a section', 'write assign: {'],
  [
    'slots: {assign: {dms_slot_01: a.b}}\n',
    'line 5:18: slots.assign.dms_slot_01: is "a.b", and must be a list',
    'write dms_slot_01: [public.events]',
  ],
  ['slots: {prefix: 5}\n', 'line 5:9: slots.prefix: is the number 5, and must be text', 'write prefix: dms_slot_'],
  ['cdc: {node_dsn: [a]}\n', 'line 5:7: cdc.node_dsn: is a list, and must be text', 'write node_dsn: host='],
  ['timeouts: {lock: [1]}\n', 'line 5:12: timeouts.lock: is a list, and must be a duration', 'write lock: 3s'],
  [
    'timeouts: {lock: {}}\n',
    'line 5:12: timeouts.lock: is a section with keys, and must be a duration',
    'write lock: 3s',
  ],
  ['timeouts: {lock: false}\n', 'line 5:12: timeouts.lock: is false, and must be a duration', 'write lock: 3s'],
  ['alarms: {retained: [1GB]}\n', 'line 5:10: alarms.retained: is a list, and must be a size', 'write retained: 200GB'],
  ['alarms: {command: mail me}\n', 'line 5:10: alarms.command: is text, and must be a list', 'write command: ['],
  [
    'alarms: {command: [1, 2]}\n',
    'line 5:20: alarms.command, entry 1: is a number, and must be a word',
    'in quotes where it is a number',
  ],
  ['alarms: {command: []}\n', 'line 5:10: alarms.command: is an empty list', 'write command: ['],
  [
    'disks: {replica: 6TB}\n',
    'line 5:9: disks.replica: is "6TB", and must be a section',
    'write replica: {volume: 6TB}',
  ],
  [
    'disks: {target: {command: df}}\n',
    'line 5:18: disks.target.command: is text, and must be a list',
    'write command: [',
  ],
  [
    'disks: {target: {volume: [1]}}\n',
    'line 5:18: disks.target.volume: is a list, and must be a size',
    'write volume: 6TB',
  ],
  [
    'probes: {metrics_file: 5}\n',
    'line 5:10: probes.metrics_file: is the number 5, and must be',
    'write metrics_file: /',
  ],
  ['tools: ""\n', 'line 5:1: tools: is empty, and must be a path of this machine', 'write tools: /usr'],
  ...[
    '$HOME/run',
    '${HOME}/run',
    '$(pwd)/run',
    '~ana/run',
    'file:///run',
    '" /run"',
    '"/run "',
    '"/a\\nb"',
    '|\n  /a\n  /b',
  ].map(
    (text) =>
      [
        `run_directory: ${text}\n`,
        'line 5:1: run_directory: is "',
        'must be a path of this machine on one line, in which only ~/ at its beginning has another meaning (no $NAME, ~user or URL): write run_directory: ~/',
      ] as const,
  ),
  ['tools: $PGBIN\n', 'line 5:1: tools: is "$PGBIN", and must be a path of this machine', 'write tools: /usr'],
  ['probes: {metrics_file: "/a\\nb.prom"}\n', 'line 5:10: probes.metrics_file: is "', 'write metrics_file: /'],
  [
    'tools: "/usr\0/bin"\n'.replace('\0', String.raw`\0`),
    'line 5:1: tools: holds the control character U+0000',
    'take it out',
  ],
  [
    String.raw`alarms: {command: [/bin/page, "a\x1b[31m"]}` + '\n',
    'alarms.command.2: holds the control character U+001B',
    'take it out',
  ],
  [
    String.raw`tables: {include_schemas: ["a\x7f"]}` + '\n',
    'tables.include_schemas.1: holds the control character U+007F',
    'take it out',
  ],
  ['tables: {include: [public.*]}\n', 'tables.include, entry 1: is "public.*", and must be', 'write schema.table'],
  ['tables: {exclude: [public.log_%]}\n', 'tables.exclude, entry 1: is "public.log_%", and must be', 'and no pattern'],
  [`tables: {include: [public.${'x'.repeat(64)}]}\n`, 'each of at most 63 bytes', 'write schema.table'],
  [`tables: {include: ['public."${'ü'.repeat(32)}"']}\n`, 'each of at most 63 bytes', 'write schema.table'],
  ['tables: {include_schemas: [pg_catalog]}\n', "and not one of PostgreSQL's own", 'write public'],
  ['tables: {exclude_schemas: [information_schema]}\n', "and not one of PostgreSQL's own", 'write scratch'],
  [`tables: {include_schemas: [${'s'.repeat(64)}]}\n`, 'of at most 63 bytes', 'write public'],
  ['tables: {include: [pg_catalog.pg_class]}\n', 'and no pattern or catalog', 'write schema.table'],
  ['tables: {exclude: [information_schema.tables]}\n', 'and no pattern or catalog', 'write schema.table'],
  ['slots: {assign: {dms_slot_01: [pg_toast.x]}}\n', 'and no pattern or catalog', 'write schema.table'],
  ['tables: {include: ["a.b\\0c"]}\n', 'tables.include.1: holds the control character U+0000', 'take it out'],
  ['console: {mouse: 1}\n', 'console.mouse: is the number 1, and must be yes or no', 'write mouse: no'],
  ['console: {theme: solar}\n', 'console.theme: is "solar", and must be dark or light', 'write theme: dark'],
]);
