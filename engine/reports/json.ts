import type { Report } from './report.ts';

/** All that a report is made of, for programs. The number grows when a field changes its meaning. */
export const reportJson = (report: Report): string => `${JSON.stringify({ archipelReport: 1, ...report }, null, 2)}\n`;
