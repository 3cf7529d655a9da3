/** Where files come from: dropped anywhere on the page, pasted, or chosen. */
import { element } from "./elements.ts";

export function listenForFiles(onFiles: (files: readonly File[]) => void): void {
  const zone = element(document, "#drop", HTMLElement);
  const input = element(document, "#files", HTMLInputElement);
  // Entering a child leaves its parent, so that the events are counted.
  let depth = 0;

  const mark = (change: number) => {
    depth = Math.max(0, depth + change);
    zone.classList.toggle("over", depth > 0);
  };

  input.addEventListener("change", () => {
    onFiles([...(input.files ?? [])]);
    // The same file can be chosen once more.
    input.value = "";
  });
  document.addEventListener("dragenter", (event) => {
    if (hasFiles(event.dataTransfer)) mark(1);
  });
  document.addEventListener("dragleave", (event) => {
    if (hasFiles(event.dataTransfer)) mark(-1);
  });
  document.addEventListener("dragover", (event) => {
    if (!hasFiles(event.dataTransfer)) return;
    // Without it the browser leaves the page and shows the file.
    event.preventDefault();
    if (event.dataTransfer !== null) event.dataTransfer.dropEffect = zone.hidden ? "none" : "copy";
  });
  document.addEventListener("drop", (event) => {
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    mark(-depth);
    if (!zone.hidden) onFiles(filesIn(event.dataTransfer));
  });
  document.addEventListener("paste", (event) => {
    const files = filesIn(event.clipboardData);
    if (files.length > 0 && !zone.hidden) onFiles(files);
  });
}

function hasFiles(data: DataTransfer | null): boolean {
  return data?.types.includes("Files") === true;
}

/** A folder comes as a file that cannot be read; it is left out. */
function filesIn(data: DataTransfer | null): readonly File[] {
  return [...(data?.items ?? [])].flatMap((item) => {
    if (item.kind !== "file" || item.webkitGetAsEntry?.()?.isDirectory === true) return [];
    const file = item.getAsFile();
    return file === null ? [] : [file];
  });
}
