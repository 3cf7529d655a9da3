/** The list of uploads, their sum, and what a screen reader hears of them. */
import { element, showText } from "./elements.ts";
import { announcement, type Surroundings, summaryOf, tabTitle } from "./item-text.ts";
import { type Action, isEnded, type UploadItem } from "./upload-item.ts";
import { createUploadRow, focusable, type UploadRow } from "./upload-row.ts";

export interface UploadList {
  show(item: UploadItem): void;
  remove(id: string): void;
  /** Everything anew, as after the network came or went. */
  refresh(): void;
}

export interface UploadListOptions {
  readonly title: string;
  readonly items: () => readonly UploadItem[];
  readonly fileOf: (id: string) => File | undefined;
  readonly surroundings: () => Surroundings;
  readonly onAction: (action: Action, id: string) => void;
}

export function createUploadList({ title, items, fileOf, surroundings, onAction }: UploadListOptions): UploadList {
  const list = element(document, "#uploads", HTMLUListElement);
  const overview = element(document, "#overview", HTMLElement);
  const summary = element(document, "#summary", HTMLElement);
  const total = element(document, "#total", HTMLProgressElement);
  const clear = element(document, "#clear", HTMLButtonElement);
  const zone = element(document, "#drop", HTMLElement);
  const announcer = element(document, "#announcer", HTMLElement);
  const rows = new Map<string, UploadRow>();
  const shown = new Map<string, UploadItem>();
  const stale = new Set<string>();
  let told: string[] = [];

  clear.addEventListener("click", () => {
    for (const item of items().filter(isEnded)) onAction("remove", item.id);
    element(document, "#files", HTMLInputElement).focus();
  });

  /** Progress comes far more often than a screen is drawn. A hidden tab draws nothing, so there a timer has to do. */
  function soon(): void {
    if (stale.size > 0) return;
    if (document.hidden) setTimeout(draw, 250);
    else requestAnimationFrame(draw);
  }

  function draw(): void {
    const known = new Map(items().map((item) => [item.id, item]));
    for (const id of stale) {
      const item = known.get(id);
      if (item !== undefined) drawRow(item);
    }
    stale.clear();
    drawSum();
  }

  function drawRow(item: UploadItem): void {
    const { id } = item;
    let row = rows.get(id);
    if (row === undefined) {
      row = createUploadRow(fileOf(id), (action) => onAction(action, id));
      rows.set(id, row);
      list.append(row.element);
    }
    row.show(item, surroundings());
    tell(announcement(shown.get(id), item));
    shown.set(id, item);
  }

  function drawSum(): void {
    const sum = summaryOf(items(), surroundings());
    zone.classList.toggle("small", rows.size > 0);
    overview.hidden = sum === undefined;
    document.title = tabTitle(sum, title);
    if (sum === undefined) return;
    showText(summary, sum.text);
    total.value = sum.share;
    total.hidden = !sum.active;
    clear.hidden = !items().some(isEnded);
  }

  /** What happens at one moment is told together: a second text in a live region takes the place of the first. */
  function tell(text: string | undefined): void {
    if (text === undefined) return;
    told.push(text);
    if (told.length > 1) return;
    setTimeout(() => {
      announcer.textContent = told.join(" ");
      told = [];
    }, 300);
  }

  return {
    show(item) {
      soon();
      stale.add(item.id);
    },
    remove(id) {
      const row = rows.get(id)?.element;
      if (row?.contains(document.activeElement) === true) neighbourOf(row).focus();
      row?.remove();
      rows.delete(id);
      shown.delete(id);
      drawSum();
    },
    refresh() {
      for (const { id } of items()) {
        soon();
        stale.add(id);
      }
    },
  };
}

/** Where the focus goes when a row goes: to the next, the one before, or the choice of files. */
function neighbourOf(row: HTMLElement): HTMLElement {
  const next = row.nextElementSibling ?? row.previousElementSibling;
  return next instanceof HTMLElement ? focusable(next) : element(document, "#files", HTMLInputElement);
}
