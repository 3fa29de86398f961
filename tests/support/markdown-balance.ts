/** What is wrong with a report's Markdown: elements that do not close, rows of other lengths, HTML or mentions that are not ours. */
export function markdownFaults(markdown: string): readonly string[] {
  const faults: string[] = [];
  const { outside, open } = withoutFences(markdown);
  if (open) faults.push("a fence is open");
  let details = 0;
  let columns: number | undefined;
  for (const line of outside) {
    const bare = withoutCode(line);
    if (bare.includes("`")) faults.push(`code is open: ${line}`);
    details += bare.split("<details>").length - bare.split("</details>").length;
    if (details < 0 || details > 1) faults.push(`details do not pair: ${line}`);
    const left = bare.replace(/^<!-- [^<>]* -->$/u, "").replace(/<\/?details>|<\/?summary>|<br>/gu, "").replace(/^> /u, "");
    if (/[<>]/u.test(left.replace(/^>$/u, ""))) faults.push(`HTML: ${line}`);
    if (/(?<![\w&])@\w|\]\(|!\[(?!NOTE\]|WARNING\]|CAUTION\])|https?:\/\/|(?<!&)#\d/u.test(left)) faults.push(`a link or a mention: ${line}`);
    if (/[\p{Cc}\u202a-\u202e\u2066-\u2069\u200b]/u.test(line)) faults.push(`a character that nobody sees: ${JSON.stringify(line)}`);
    if (/^ *- +(?:[-+#>=]|\d+[.)])/u.test(line)) faults.push(`a block inside an item: ${line}`);
    const cells = line.startsWith("|") ? line.replaceAll("\\|", "").split("|").length : undefined;
    if (cells !== undefined && columns !== undefined && cells !== columns) faults.push(`a row of ${cells}, not ${columns}: ${line}`);
    columns = cells;
  }
  if (details !== 0) faults.push("details are open");
  return faults;
}

function withoutFences(markdown: string): { readonly outside: readonly string[]; readonly open: boolean } {
  let open = false;
  const outside: string[] = [];
  for (const line of markdown.split("\n")) {
    if (/^````/u.test(line)) open = !open;
    else if (!open) outside.push(line);
  }
  return { outside, open };
}

function withoutCode(line: string): string {
  return line.replace(/`[^`]+`/gu, "");
}
