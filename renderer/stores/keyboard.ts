/** Where keys of the canvas are meant for it. A text field, a panel and a dialog have their own. */
const CANVAS = '[data-region="canvas"]';
/** A list of what is on the canvas: keys of the canvas are meant for what is selected there too, but arrows walk through it. */
const PARTS = '[data-keys="parts"]';
/** With Ctrl or Command they are meant there too: who just clicked a kind or a button still works on the canvas. */
const AROUND = `${CANVAS}, header, [data-region="palette"], ${PARTS}`;

const isTextField = (target: Element): boolean =>
  target.closest('input, textarea, select, [contenteditable="true"], .cm-editor') !== null;

/** Whether what has the focus leaves its keys to the canvas; `plain` keys are those without Ctrl or Command. */
export function isForCanvas(target: EventTarget | null, plain: boolean): boolean {
  if (!(target instanceof Element) || target === document.body)
    return document.querySelector('[role="dialog"]') === null;
  return !isTextField(target) && target.closest(plain ? CANVAS : AROUND) !== null;
}

export const isInParts = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest(PARTS) !== null;

/** Whether a list of parts leaves a plain key to the canvas. */
export const isForParts = (target: EventTarget | null, key: string): boolean =>
  isInParts(target) && !key.startsWith('Arrow') && key !== ' ';
