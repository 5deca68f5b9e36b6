/** By what the menu calls it: the ending of its name, and how the file begins, read as Latin-1. */
export const reportFormats: Record<string, [ending: string, content: RegExp]> = {
  'Page (HTML)': ['html', /^<!doctype html>/i],
  Markdown: ['md', /^# .*Shop, monolith/],
  JSON: ['json', /^\{\s*"archipelReport": 1,/],
  'Time series and routes (CSV)': ['csv', /^table,at_ms,since_start_ms,subject,measure,unit,value\r\n/],
  'Test results (JUnit XML)': ['xml', /^<\?xml.*<testsuites/s],
  'Topology (SVG)': ['svg', /<svg .*shoppers/is],
  'Topology (PNG)': ['png', /^\x89PNG\r\n/],
};
