import {allCommands, type DescribedCommand, type DescribedOption, type Offer} from './describe.ts';

/** Completion for fish. Pure. */
export function fishCompletion(program: DescribedCommand): string {
  const tops: Tops = {
    all: program.commands.map(({path}) => path),
    groups: program.commands.filter(({commands}) => commands.length > 0).map(({path}) => path),
  };
  return `# fish completion for longhaul; made by: longhaul completion fish
complete -c longhaul -f
${allCommands(program)
  .flatMap((command) => linesOf(command, tops))
  .join('\n')}
`;
}

/** The commands behind `longhaul`, and those of them that have commands of their own. */
interface Tops {
  readonly all: readonly string[];
  readonly groups: readonly string[];
}

function linesOf(command: DescribedCommand, tops: Tops): string[] {
  const {path, options, arguments: args, commands} = command;
  const seen = conditionOf(path, tops);
  const below = commands.map(({path: name}) => name.split(' ').at(-1) ?? '');
  const none = path === '' ? seen : `${seen}; and not __fish_seen_subcommand_from ${below.join(' ')}`;
  return [
    ...commands.map(
      (part, index) => `complete -c longhaul -n ${quoted(none)} -a ${below[index] ?? ''} -d ${quoted(part.words)}`,
    ),
    ...args.flatMap(({offer}) =>
      offer.kind === 'words' ? [`complete -c longhaul -n ${quoted(seen)} -a ${quoted(listed(offer.words))}`] : [],
    ),
    // The configuration may be named anywhere.
    ...options.map((option) =>
      option.names.includes('--config')
        ? `complete -c longhaul ${flag(option)}`
        : `complete -c longhaul -n ${quoted(seen)} ${flag(option)}`,
    ),
  ];
}

/** That the cursor is behind this command; a name below another one is not it. */
function conditionOf(path: string, {all, groups}: Tops): string {
  const [first = '', second] = path.split(' ');
  if (path === '') return `not __fish_seen_subcommand_from ${all.join(' ')}`;
  if (second !== undefined) return `__fish_seen_subcommand_from ${first}; and __fish_seen_subcommand_from ${second}`;
  return groups.includes(first)
    ? `__fish_seen_subcommand_from ${first}`
    : `__fish_seen_subcommand_from ${first}; and not __fish_seen_subcommand_from ${groups.join(' ')}`;
}

function flag({names, value, offer, words}: DescribedOption): string {
  const flags = names.map((one) => (one.startsWith('--') ? `-l ${one.slice(2)}` : `-s ${one.slice(1)}`)).join(' ');
  return `${flags}${value === null ? '' : ` -x${offered(offer)}`} -d ${quoted(words)}`;
}

function offered(offer: Offer): string {
  switch (offer.kind) {
    case 'files':
      return " -a '(__fish_complete_path)'";
    case 'folders':
      return " -a '(__fish_complete_directories)'";
    case 'words':
      return ` -a ${quoted(listed(offer.words))}`;
    case 'nothing':
      return '';
  }
}

/** Words as fish splits them again: a blank within one keeps its backslash. */
function listed(words: readonly string[]): string {
  return words.map((word) => word.replaceAll(' ', String.raw`\ `)).join(' ');
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`;
}
