import type { AriaLabelConfig } from 'reactflow';
import type { T } from '../i18n/t.ts';

/** What React Flow itself says to screen readers, and on its buttons. */
export const ariaLabels = (t: T): Partial<AriaLabelConfig> => ({
  'node.a11yDescription.default': t('Enter or Space selects the card, Delete removes it, Escape selects nothing.'),
  'node.a11yDescription.keyboardDisabled': t(
    'Enter or Space selects the card, Delete removes it, Escape selects nothing.',
  ),
  'node.a11yDescription.ariaLiveMessage': ({ x, y }) => t('Moved to {{x}}, {{y}}.', { x, y }),
  'edge.a11yDescription.default': t(
    'Enter or Space selects the connection, Delete removes it, Escape selects nothing.',
  ),
  'controls.ariaLabel': t('Control Panel'),
  'controls.zoomIn.ariaLabel': t('Zoom In'),
  'controls.zoomOut.ariaLabel': t('Zoom Out'),
  'controls.fitView.ariaLabel': t('Fit View'),
  'minimap.ariaLabel': t('Mini Map'),
  'handle.ariaLabel': t('Handle'),
});
