import { said } from '../i18n/said.ts';
import { t } from '../i18n/t.ts';

/** Why a request failed, and where. */
export const reasonAt = (reason: string, hop: string | null | undefined): string =>
  hop == null ? said(reason) : t('{{reason}} at {{hop}}', { reason: said(reason), hop });
