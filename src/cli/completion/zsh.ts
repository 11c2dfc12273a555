import {allCommands, type DescribedCommand, type DescribedOption, type Offer} from './describe.ts';

/** Completion for zsh, for a file called _longhaul in the fpath. Pure. */
export function zshCompletion(program: DescribedCommand): string {
  return `#compdef longhaul
# made by: longhaul completion zsh

${allCommands(program).map(fun).join('\n\n')}

if [ "$funcstack[1]" = _longhaul ]; then
  _longhaul "$@"
else
  compdef _longhaul longhaul
fi
`;
}

function name(path: string): string {
  return ['_longhaul', ...path.split(' ').filter(Boolean)].join('_').replaceAll('-', '_');
}

/** One function for each command; those with commands below them hand over to theirs. */
function fun(command: DescribedCommand): string {
  const {path, options, arguments: args, commands} = command;
  const config = path === '' ? [] : [CONFIG];
  const flags = [...options, ...config].map(spec);
  const positional = args.map(({name: called, offer}, index) =>
    called.endsWith('...]')
      ? `'*:${called.slice(1, -4)}:${action(offer)}'`
      : `'${index + 1}${called.startsWith('[') ? '::' : ':'}${called.slice(1, -1)}:${action(offer)}'`,
  );
  if (commands.length === 0)
    return `${name(path)}() {\n  _arguments -s ${[...flags, ...positional].join(' \\\n    ')}\n}`;
  return `${name(path)}() {
  local state line
  local -a commands=(
${commands.map((part) => `    ${quoted(`${last(part.path)}:${plain(part.words)}`)}`).join('\n')}
  )
  _arguments -C ${[...flags, "'1: :->command'", "'*:: :->rest'"].join(' \\\n    ')}
  case $state in
    command) _describe -t commands command commands ;;
    rest)
      case $line[1] in
${commands.map((part) => `        ${last(part.path)}) ${name(part.path)} ;;`).join('\n')}
      esac
      ;;
  esac
}`;
}

const CONFIG: DescribedOption = {
  names: ['-c', '--config'],
  value: '<file>',
  offer: {kind: 'files'},
  words: 'the configuration',
};

function last(path: string): string {
  return path.split(' ').at(-1) ?? '';
}

/** Brackets and colons part a specification of _arguments. */
function plain(words: string): string {
  return words.replaceAll(/[[\]]/g, '').replaceAll(':', ' -');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function spec({names, value, offer, words}: DescribedOption): string {
  const rest = `[${plain(words)}]${value === null ? '' : `:${value.slice(1, -1)}:${action(offer)}`}`;
  return names.length === 1
    ? quoted(`${names[0] ?? ''}${rest}`)
    : `${quoted(`(${names.join(' ')})`)}{${names.join(',')}}${quoted(rest)}`;
}

function action(offer: Offer): string {
  switch (offer.kind) {
    case 'files':
      return '_files';
    case 'folders':
      return '_files -/';
    case 'words':
      return `(${offer.words.map((word) => word.replaceAll(' ', String.raw`\ `)).join(' ')})`;
    case 'nothing':
      return ' ';
  }
}
