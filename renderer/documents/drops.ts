import { create } from 'zustand';
import { openDropped } from './receive.ts';

/** Whether a file is being dragged over the window. */
export const useDropping = create<{ dropping: boolean }>()(() => ({ dropping: false }));

const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') ?? false;

/** A field that takes files itself. */
const takesFiles = ({ target }: DragEvent): boolean =>
  target instanceof Element && target.closest('input[type="file"]') !== null;

/**
 * Opens a file wherever on the window it is dropped; a browser would leave the page for it. Returns how to stop.
 */
export function listenToDrops(): () => void {
  let left: ReturnType<typeof setTimeout> | undefined;
  const end = () => useDropping.setState({ dropping: false });
  const onDragOver = (event: DragEvent) => {
    if (!hasFiles(event) || takesFiles(event)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    if (!useDropping.getState().dropping) useDropping.setState({ dropping: true });
    // It comes again and again while something hangs over the window, and says nothing when it is gone.
    clearTimeout(left);
    left = setTimeout(end, 400);
  };
  const onDrop = (event: DragEvent) => {
    clearTimeout(left);
    end();
    if (takesFiles(event)) return;
    const [file] = event.dataTransfer?.files ?? [];
    if (!file) return;
    event.preventDefault();
    event.stopPropagation();
    void openDropped(file);
  };
  window.addEventListener('dragover', onDragOver, true);
  window.addEventListener('drop', onDrop, true);
  return () => {
    clearTimeout(left);
    window.removeEventListener('dragover', onDragOver, true);
    window.removeEventListener('drop', onDrop, true);
  };
}
