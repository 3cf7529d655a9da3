/** The parts of `index.html` that the page's code works with. */

/** @throws Error for an element that is not there or of another kind: the page and its code do not belong together */
export function element<T extends Element>(root: ParentNode, selector: string, kind: new () => T): T {
  const found = root.querySelector(selector);
  if (found instanceof kind) return found;
  throw new Error(`The page has no ${selector}.`);
}

/** A copy of the one element in a template. */
export function copyOf<T extends Element>(templateId: string, kind: new () => T): T {
  const template = element(document, `#${templateId}`, HTMLTemplateElement);
  const copy = document.importNode(template.content, true).firstElementChild;
  if (copy instanceof kind) return copy;
  throw new Error(`The template ${templateId} is empty.`);
}

/** Text of an element that is hidden where there is none. */
export function showText(shown: HTMLElement, text: string | undefined): void {
  const next = text ?? "";
  if (shown.textContent !== next) shown.textContent = next;
  shown.hidden = next === "";
}
