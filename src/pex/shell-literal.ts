/** Text as one word of a POSIX shell. */

/**
 * The word may also stand inside a triple-quoted Python string: what a shell reads there has no backslash that Python
 * would take for the begin of something, and never three single quotes in a row.
 */
export function shellLiteral(text: string): string {
  if (text === "") return "''";
  const pieces = text.split(/(\\+|'+)/).filter((piece) => piece !== "");
  return pieces.map(quote).join("");
}

function quote(piece: string): string {
  if (piece.startsWith("\\")) return `"${piece.replaceAll("\\", "\\\\")}"`;
  return piece.startsWith("'") ? piece.replaceAll("'", `"'"`) : `'${piece}'`;
}
