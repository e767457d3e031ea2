/** The script for bash. */

import { COMMANDS, completedCommands, optionWords, valuesOf, type CompletedCommand } from "./completed-commands.ts";

/** What `pex completion bash` prints. Where nothing of ours fits, bash offers the names of files. */
export function bashCompletion(): string {
  const commands = completedCommands();
  const below = commands.filter(({ path }) => path.includes(" ")).map(({ path }) => `"${path}"`);
  return `# Completion of ${COMMANDS.join(", ")} for bash, made by \`pex completion bash\`.
_pexjs() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} command=\${1##*/} words= word
  COMPREPLY=()
  if [[ $current == = ]]; then
    current=
  elif [[ $previous == = ]]; then
    previous=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD - 1}"; do
    [[ $word == -- ]] && return
    case "$command $word" in
      ${below.join(" | ")}) command+=" $word" ;;
    esac
  done
  case "$command $previous" in
${commands.flatMap(valueCases).join("")}  esac
  case "$command" in
${commands.map(wordsCase).join("")}  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _pexjs ${COMMANDS.join(" ")}
`;
}

function valueCases({ path, options }: CompletedCommand): string[] {
  return options.flatMap((option) => {
    const values = valuesOf(option);
    if (values === "none") return [];
    const patterns = option.flags.map((flag) => `"${path} ${flag}"`).join(" | ");
    const answer = values === "any" ? "" : `COMPREPLY=($(compgen -W "${values.join(" ")}" -- "$current")); `;
    return `    ${patterns}) ${answer}return ;;\n`;
  });
}

/** Requirements and paths are completed as files, so that options come only after a dash. */
function wordsCase(command: CompletedCommand): string {
  const subcommands = command.subcommands.map(({ word }) => word).join(" ");
  const options = optionWords(command).map(({ word }) => word);
  const lines = [
    ...(options.length > 0 ? [`[[ $current == -* ]] && words="${options.join(" ")}"`] : []),
    ...(subcommands === "" ? [] : [`[[ $current != -* ]] && words="${subcommands}"`]),
  ];
  return `    "${command.path}") ${lines.join("; ") || ":"} ;;\n`;
}
