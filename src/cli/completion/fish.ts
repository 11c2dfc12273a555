import {allCommands, type DescribedCommand, type DescribedOption, type Offer} from './describe.ts';

/** Completion for fish. Pure. */
export function fishCompletion(program: DescribedCommand): string {
  const top = program.commands.map(({path}) => path);
  return `# fish completion for longhaul; made by: longhaul completion fish
complete -c longhaul -f
${allCommands(program)
  .flatMap((command) => linesOf(command, top))
  .join('\n')}
`;
}

function linesOf(command: DescribedCommand, top: readonly string[]): string[] {
  const {path, options, arguments: args, commands} = command;
  const seen = conditionOf(path, top);
  const below = commands.map(({path: name}) => name.split(' ').at(-1) ?? '');
  const none = path === '' ? seen : `${seen}; and not __fish_seen_subcommand_from ${below.join(' ')}`;
  return [
    ...commands.map(
      (part, index) => `complete -c longhaul -n ${quoted(none)} -a ${below[index] ?? ''} -d ${quoted(part.words)}`,
    ),
    ...args.flatMap(({offer}) =>
      offer.kind === 'words' ? [`complete -c longhaul -n ${quoted(seen)} -a ${quoted(offer.words.join(' '))}`] : [],
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
function conditionOf(path: string, top: readonly string[]): string {
  const [first = '', second] = path.split(' ');
  if (path === '') return `not __fish_seen_subcommand_from ${top.join(' ')}`;
  if (second !== undefined) return `__fish_seen_subcommand_from ${first}; and __fish_seen_subcommand_from ${second}`;
  return first === 'lab'
    ? '__fish_seen_subcommand_from lab'
    : `__fish_seen_subcommand_from ${first}; and not __fish_seen_subcommand_from lab`;
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
      return ` -a ${quoted(offer.words.join(' '))}`;
    case 'nothing':
      return '';
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`;
}
