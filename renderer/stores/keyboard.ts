/** Where keys of the canvas are meant for it. A text field, a panel and a dialog have their own. */
const CANVAS = '[data-region="canvas"]';
/** With Ctrl or Command they are meant there too: who just clicked a kind or a button still works on the canvas. */
const AROUND = `${CANVAS}, header, [data-region="palette"]`;

const isTextField = (target: Element): boolean =>
  target.closest('input, textarea, select, [contenteditable="true"], .cm-editor') !== null;

/** Whether what has the focus leaves its keys to the canvas; `plain` keys are those without Ctrl or Command. */
export function isForCanvas(target: EventTarget | null, plain: boolean): boolean {
  if (!(target instanceof Element) || target === document.body)
    return document.querySelector('[role="dialog"]') === null;
  return !isTextField(target) && target.closest(plain ? CANVAS : AROUND) !== null;
}
