import type { TemplateSummary } from '../../engine/api/engine.ts';
import { said } from '../i18n/said.ts';

/** What came with Archipel is read in the language of the window; what a person saved, as it was written. */
export const titleOfTemplate = ({ own, title }: TemplateSummary): string => (own ? title : said(title));

export const descriptionOfTemplate = ({ own, description }: TemplateSummary): string =>
  own ? description : said(description);
