/** The script for zsh. */

import {
  COMMANDS,
  completedCommands,
  optionWords,
  valuesOf,
  type CompletedCommand,
  type Word,
} from "./completed-commands.ts";

/** What `pex completion zsh` prints: it can be sourced, or lie as `_pex` in a directory of `fpath`. */
export function zshCompletion(): string {
  const commands = completedCommands();
  const below = commands.filter(({ path }) => path.includes(" ")).map(({ path }) => quoted(path));
  return `#compdef ${COMMANDS.join(" ")}
# Completion of ${COMMANDS.join(", ")} for zsh, made by \`pex completion zsh\`.
_pexjs() {
  local current=$words[CURRENT] previous=$words[CURRENT-1] command=\${words[1]:t} word
  local -a options subcommands
  if [[ $current == --*=* ]]; then
    previous=\${current%%=*}
    compset -P '*='
  fi
  for word in "\${(@)words[2,CURRENT-1]}"; do
    [[ $word == -- ]] && { _files; return }
    case "$command $word" in
      (${below.join("|")}) command+=" $word" ;;
    esac
  done
  case "$command $previous" in
${commands.flatMap(valueCases).join("")}  esac
  case "$command" in
${commands.map(wordsCase).join("")}  esac
  if [[ $current == -* ]]; then
    _describe -o option options
  elif (( $#subcommands )); then
    _describe command subcommands
  else
    _files
  fi
}
if [[ $funcstack[1] == _pex ]]; then
  _pexjs "$@"
else
  compdef _pexjs ${COMMANDS.join(" ")}
fi
`;
}

function valueCases({ path, options }: CompletedCommand): string[] {
  return options.flatMap((option) => {
    const values = valuesOf(option);
    if (values === "none") return [];
    const patterns = option.flags.map((flag) => quoted(`${path} ${flag}`)).join("|");
    return `    (${patterns}) ${values === "any" ? "_files" : `compadd -- ${values.join(" ")}`}; return ;;\n`;
  });
}

function wordsCase(command: CompletedCommand): string {
  const lines = [...array("options", optionWords(command)), ...array("subcommands", command.subcommands)];
  return `    (${quoted(command.path)})\n${lines.join("")}      ;;\n`;
}

function array(name: string, words: readonly Word[]): string[] {
  if (words.length === 0) return [];
  const items = words.map(({ word, about }) => `        ${quoted(`${word}:${about}`)}\n`);
  return [`      ${name}=(\n${items.join("")}      )\n`];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
