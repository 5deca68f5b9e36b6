/** Every format of a report, in the order in which they are offered. */
export const reportFormats = ['html', 'md', 'json', 'csv', 'junit', 'svg', 'png'] as const;

export type ReportFormat = (typeof reportFormats)[number];
