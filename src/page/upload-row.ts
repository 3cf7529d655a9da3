/** One upload in the list. */
import { copyOf, element, showText } from "./elements.ts";
import { type Surroundings, statusText } from "./item-text.ts";
import { previewOf } from "./preview.ts";
import { type Action, actionsFor, type UploadItem } from "./upload-item.ts";

const words: Readonly<Record<Action, string>> = {
  pause: "Pause",
  continue: "Continue",
  retry: "Try again",
  cancel: "Cancel",
  remove: "Remove",
  choose: "Choose file",
  discard: "Discard",
};

const iconOf: Readonly<Record<Action, string>> = {
  pause: "pause",
  continue: "continue",
  retry: "retry",
  cancel: "cancel",
  remove: "cancel",
  choose: "choose",
  discard: "cancel",
};

export interface UploadRow {
  readonly element: HTMLLIElement;
  show(item: UploadItem, surroundings: Surroundings): void;
}

export function createUploadRow(file: File | undefined, onAction: (action: Action) => void): UploadRow {
  const row = copyOf("upload-row", HTMLLIElement);
  const part = (selector: string) => element(row, selector, HTMLElement);
  const [name, status, why, key, actions] = [".name", ".status", ".why", ".key", ".actions"].map(part) as [
    HTMLElement,
    HTMLElement,
    HTMLElement,
    HTMLElement,
    HTMLElement,
  ];
  const progress = element(row, "progress", HTMLProgressElement);

  function showPicture(picked: File): void {
    const picture = part(".picture");
    const icon = [...picture.childNodes];
    const image = previewOf(picked, () => picture.replaceChildren(...icon));
    if (image !== undefined) picture.replaceChildren(image);
  }

  if (file !== undefined) showPicture(file);

  return {
    element: row,
    show(item, surroundings) {
      row.className = ["upload", item.stage, ...(item.paused ? ["paused"] : [])].join(" ");
      showText(name, item.name);
      name.title = item.name;
      showText(status, statusText(item, surroundings));
      const { error } = item;
      showText(why, error === undefined ? item.note : [error.why, error.next].filter(Boolean).join(" "));
      showText(key, item.object?.key);
      progress.setAttribute("aria-label", `Progress of ${item.name}`);
      showShare(progress, item);
      showActions(actions, item, onAction);
    },
  };
}

/** Without a value, as while S3 puts the parts together, the browser shows that something goes on. */
function showShare(progress: HTMLProgressElement, { stage, size, sentBytes }: UploadItem): void {
  if (stage === "finishing" || stage === "cancelling") progress.removeAttribute("value");
  else progress.value = size === 0 ? 0 : sentBytes / size;
}

/** The same button to its user, though it says something else. */
const successors: Partial<Record<Action, Action>> = { pause: "continue", continue: "pause" };

/**
 * Buttons that stay are left alone, or the focus would be lost. One that goes hands it to its successor, else to the row:
 * nobody should press by accident what has just come up.
 */
function showActions(place: HTMLElement, item: UploadItem, onAction: (action: Action) => void): void {
  const wanted = actionsFor(item);
  const present = [...place.children] as HTMLButtonElement[];
  if (present.map(({ dataset }) => dataset.action).join() === wanted.join()) return;
  const focused = present.find((button) => button === document.activeElement);
  const kept = new Map(present.map((button) => [button.dataset.action, button]));
  const buttons = wanted.map((action) => kept.get(action) ?? createButton(action, item.name, onAction));
  place.replaceChildren(...buttons);
  if (focused === undefined) return;
  const action = focused.dataset.action as Action;
  const next = buttons.find(({ dataset }) => dataset.action === action || dataset.action === successors[action]);
  (next ?? focusable(place.closest("li") ?? place)).focus();
}

/** An element that takes the focus from the page, and not with the Tab key. */
export function focusable(of: HTMLElement): HTMLElement {
  of.tabIndex = -1;
  return of;
}

function createButton(action: Action, name: string, onAction: (action: Action) => void): HTMLButtonElement {
  const button = copyOf("action", HTMLButtonElement);
  button.dataset.action = action;
  button.setAttribute("aria-label", `${words[action]}: ${name}`);
  element(button, "use", SVGUseElement).setAttribute("href", `#icon-${iconOf[action]}`);
  element(button, "span", HTMLSpanElement).textContent = words[action];
  button.addEventListener("click", () => onAction(action));
  return button;
}
