/**
 * A Markdown document whose commands are typed as they stand, and must answer what stands below them.
 *
 * - A block of code below a line that is just a path and a colon (`app.py`:) is that file.
 * - In a `console` block `$ ` begins a command, `> ` goes on with it, other lines are what it prints; `…` stands for anything.
 *   Every command must succeed; what one without output below it prints does not matter.
 * - Ports (8000 to 8999) stand for free ones. Servers end with the document.
 */
import { freePort } from "./free-port.ts";
import type { Result, Workspace } from "./workspace.ts";

interface Command {
  readonly text: string;
  /** What it must print, empty if that does not matter. */
  readonly output: string;
}

type Step = Command | { readonly path: string; readonly content: string };

const FENCED = /(?:^`([^`\n]+)`:\n\n)?^```([\w-]*)\n([^]*?)^```$/gm;

/** The files and commands of a document, in their order. */
function stepsOf(markdown: string): Step[] {
  return [...markdown.matchAll(FENCED)].flatMap(([, path, language, content = ""]): Step[] => {
    if (path !== undefined) return [{ path, content }];
    return language === "console" ? commandsOf(content) : [];
  });
}

function commandsOf(block: string): Command[] {
  return block.split(/^\$ /m).flatMap((part, index) => {
    if (index === 0) return [];
    const [first = "", ...rest] = part.split("\n");
    const end = rest.findIndex((line) => !line.startsWith("> "));
    const more = rest.slice(0, end).map((line) => line.slice(2));
    return [{ text: [first, ...more].join("\n"), output: rest.slice(end).join("\n").trim() }];
  });
}

export interface Typing {
  /** The PATH: where the commands are. */
  readonly path: string;
  /** How long all of it may take. */
  readonly seconds: number;
}

/** Gives what did not go as the document says: nothing if all did. */
export async function typeDocument(markdown: string, user: Workspace, { path, seconds }: Typing): Promise<string[]> {
  const steps = stepsOf(await withFreePorts(markdown));
  const script = user.write(".script", scriptOf(steps));
  // It ends all that it has started; `timeout` ends it even if it hangs.
  const ended = await user.run("timeout", ["-k", "5", String(seconds), "bash", script], {
    online: true,
    env: { PATH: path },
  });
  return compare(steps, ended);
}

function compare(steps: readonly Step[], ended: Result): string[] {
  const answers = ended.stdout.split(/^@@ \d+\n/m).slice(1);
  const faults = steps.flatMap((step, index) => {
    if ("path" in step) return [];
    const [, printed = "", status] = /^([^]*?)\n?@@ status (\d+)\n/.exec(answers[index] ?? "") ?? [];
    const isAsShown = status === "0" && (step.output === "" || pattern(step.output).test(printed.trim()));
    return isAsShown ? [] : [`$ ${step.text}\n${answers[index] ?? "did not run"}\nexpected: ${step.output}`];
  });
  return ended.stderr === "" ? faults : [...faults, ended.stderr];
}

/** One shell for all, as for somebody who types it. */
function scriptOf(steps: readonly Step[]): string {
  const lines = [
    // Job messages belong to prompts.
    "trap 'kill $(jobs -p) 2> /dev/null; wait 2> /dev/null' EXIT",
  ];
  for (const [index, step] of steps.entries()) {
    lines.push(`echo '@@ ${index}'`);
    if ("path" in step) {
      lines.push(`mkdir -p "$(dirname '${step.path}')"`, `cat > '${step.path}' << 'END OF FILE'`);
      lines.push(`${step.content}END OF FILE`);
    } else {
      lines.push(`{ ${step.text}\n} < /dev/null 2>&1`, "printf '\\n@@ status %s\\n' $?");
    }
  }
  return `${lines.join("\n")}\n`;
}

function pattern(output: string): RegExp {
  const parts = output.split("…").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^]*")}$`);
}

async function withFreePorts(text: string): Promise<string> {
  const ports = new Map<string, number>();
  for (const [port] of text.matchAll(/\b8\d{3}\b/g)) if (!ports.has(port)) ports.set(port, await freePort());
  return text.replaceAll(/\b8\d{3}\b/g, (port) => String(ports.get(port)));
}
