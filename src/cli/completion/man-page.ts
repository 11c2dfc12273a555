import {allCommands, type DescribedCommand, type DescribedOption} from './describe.ts';

/** What the page has beside the commands. */
interface PageFacts {
  readonly version: string;
  /** `2026-11-26`. */
  readonly date: string;
  readonly examples: Examples;
}

/** By the command, `longhaul logs`: lines as they are typed, and what each is for. */
export type Examples = Readonly<Record<string, readonly (readonly [line: string, what: string])[]>>;

/** The manual page longhaul(1), in roff, from the tables that the help is made of. Pure. */
export function manPage(program: DescribedCommand, {version, date, examples}: PageFacts): string {
  const commands = allCommands(program).filter(({path}) => path !== '');
  return `${[
    `.TH LONGHAUL 1 "${date}" "longhaul ${version}" "User Commands"`,
    '.SH NAME',
    `longhaul \\- ${roff(asName(program.words))}`,
    '.SH SYNOPSIS',
    '.B longhaul',
    '.RI [ options ] " command " [ arguments ]',
    '.SH OPTIONS',
    ...program.options.flatMap(optionLines),
    '.SH COMMANDS',
    ...commands.flatMap((command) => [...commandLines(command), ...exampleLines(examples[`longhaul ${command.path}`])]),
    '.SH EXAMPLES',
    ...exampleLines(examples['longhaul']),
    '.SH EXIT STATUS',
    ...EXIT.flatMap(([code, words]) => ['.TP', `.B ${code}`, roff(words)]),
    '.SH ENVIRONMENT',
    ...ENVIRONMENT.flatMap(([name, words]) => ['.TP', `.B ${name}`, roff(words)]),
    '.SH FILES',
    ...FILES.flatMap(([name, words]) => ['.TP', `.I ${roff(name)}`, roff(words)]),
  ].join('\n')}\n`;
}

const EXIT = [
  ['0', 'Done.'],
  ['1', 'A check or a step failed, or something differs.'],
  ['2', 'The command line or the configuration is wrong.'],
  ['3', 'A server or the supervisor could not be reached.'],
] as const;

const ENVIRONMENT = [
  ['LONGHAUL_CONFIG', 'The configuration, where --config is not given.'],
  [
    'LONGHAUL_TRACE',
    'What is written to trace.jsonl in the run folder, beside trace of the configuration: sql,lanes,wire.',
  ],
  ['LONGHAUL_NODE', 'The Node.js to run with; at least 24.15.'],
  ['PGPASSWORD, PGPASSFILE, PGSERVICEFILE', 'And what else libpq reads, for connections.'],
] as const;

const FILES = [
  ['longhaul.yaml', 'The configuration; longhaul init writes one with every key described.'],
  ['~/.local/state/longhaul/RUN/', 'The run folder: journal, plan, logs of the lanes.'],
] as const;

/** As the NAME section of every page has it: `moves a …`, without a full stop. */
function asName(words: string): string {
  return `${words.slice(0, 1).toLowerCase()}${words.slice(1).replace(/\.$/, '')}`;
}

function commandLines({path, words, options, arguments: args}: DescribedCommand): string[] {
  return [
    `.SS "longhaul ${roff([path, ...args.map(({name}) => name)].join(' '))}"`,
    roff(words),
    ...args.flatMap(({name, words: what}) => (what === '' ? [] : ['.TP', `\\fI${roff(name)}\\fR`, roff(what)])),
    // Every command has it: the page says so once.
    ...options.filter(({names}) => !names.includes('--help')).flatMap(optionLines),
  ];
}

function optionLines({names, value, words}: DescribedOption): string[] {
  const flags = names.map((name) => `\\fB${roff(name)}\\fR`).join(', ');
  return ['.TP', `${flags}${value === null ? '' : ` \\fI${roff(value)}\\fR`}`, roff(words)];
}

function exampleLines(examples: Examples[string] = []): string[] {
  return examples.flatMap(([line, what]) => ['.PP', `\\fB${roff(line)}\\fR`, '.br', `.RS 4`, roff(what), '.RE']);
}

/** Text for roff: a dash that can be copied, no backslash and no command at the beginning of a line. */
function roff(text: string): string {
  return text
    .replaceAll('\\', String.raw`\e`)
    .replaceAll('-', String.raw`\-`)
    .replaceAll('"', String.raw`\(dq`)
    .replaceAll('…', '...')
    .replace(/^([.'])/, String.raw`\&$1`);
}
