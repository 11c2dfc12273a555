import {allCommands, type DescribedCommand, type Offer} from './describe.ts';

/** Completion for bash 4 and up, which needs no package beside it. Pure. */
export function bashCompletion(program: DescribedCommand): string {
  const commands = allCommands(program);
  const paths = commands.map(({path}) => path).filter((path) => path !== '');
  return `# bash completion for longhaul; made by: longhaul completion bash
_longhaul() {
  local cur=\${COMP_WORDS[COMP_CWORD]} path= takes= given=0 word i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ -n $takes ]]; then takes=; continue; fi
    if [[ $word == -* ]]; then
      case "$path $word" in
        ${valued(commands)}) takes="$path $word" ;;
      esac
      continue
    fi
    case "\${path:+$path }$word" in
      ${paths.map(quoted).join(' | ')}) path="\${path:+$path }$word" ;;
      *) given=$((given + 1)) ;;
    esac
  done
  case "$takes" in
    '') ;;
${values(commands)}
    *) return ;;
  esac
  case "$path" in
${commands.map(arm).join('\n')}
  esac
}
complete -o bashdefault -F _longhaul longhaul
`;
}

function quoted(text: string): string {
  return `'${text}'`;
}

function key(path: string, name: string): string {
  return quoted(`${path} ${name}`);
}

/** The options that take a value, so that it is not taken for a command. */
function valued(commands: readonly DescribedCommand[]): string {
  return commands
    .flatMap(({path, options}) =>
      options.filter(({value}) => value !== null).flatMap(({names}) => names.map((name) => key(path, name))),
    )
    .concat("*' -c'", "*' --config'")
    .join(' | ');
}

/** What is offered behind an option. */
function values(commands: readonly DescribedCommand[]): string {
  const own = commands.flatMap(({path, options}) =>
    options.flatMap(({names, offer}) =>
      offer.kind === 'nothing' || names.includes('--config')
        ? []
        : [`    ${names.map((name) => key(path, name)).join(' | ')}) ${offered(offer)}; return ;;`],
    ),
  );
  return [...own, `    *' -c' | *' --config') ${offered({kind: 'files'})}; return ;;`].join('\n');
}

function offered(offer: Offer): string {
  switch (offer.kind) {
    case 'files':
      return 'mapfile -t COMPREPLY < <(compgen -f -- "$cur")';
    case 'folders':
      return 'mapfile -t COMPREPLY < <(compgen -d -- "$cur")';
    case 'words':
      return `mapfile -t COMPREPLY < <(compgen -W ${quoted(offer.words.map(oneWord).join(' '))} -- "$cur")`;
    case 'nothing':
      return ':';
  }
}

/** A word with blanks, as it has to be typed; compgen takes one backslash away. */
function oneWord(word: string): string {
  return word.replaceAll(' ', String.raw`\\\ `);
}

function arm({path, options, arguments: args, commands}: DescribedCommand): string {
  const flags = [...options.flatMap(({names}) => names), ...(path === '' ? [] : ['-c', '--config'])];
  const names = commands.map((part) => part.path.split(' ').at(-1) ?? '');
  const first = args.flatMap(({offer}) => (offer.kind === 'words' ? offer.words : []));
  const behind = first.length === 0 ? '' : `[[ $given -eq 0 && $cur != -* ]] && words=${quoted(first.join(' '))}; `;
  return `    ${quoted(path)}) local words=${quoted([...new Set([...names, ...flags])].join(' '))}; ${behind}mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur") ;;`;
}
