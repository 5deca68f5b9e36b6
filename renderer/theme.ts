import { createTheme, type MantineColorsTuple, mergeThemeOverrides } from '@mantine/core';
import { decimalSign } from './i18n/number.ts';

const lagoon: MantineColorsTuple = [
  '#e6f8fb',
  '#d0eef4',
  '#a3dce8',
  '#70c9dc',
  '#46b8d1',
  '#2aa9c5',
  '#0f7f98',
  '#0b7285',
  '#0a5f70',
  '#064c5b',
];

/** Mantine's own are too light below white letters. */
const red: MantineColorsTuple = [
  '#fff5f5',
  '#ffe3e3',
  '#ffc9c9',
  '#ffa8a8',
  '#ff8787',
  '#ff6b6b',
  '#d93636',
  '#c92a2a',
  '#b82323',
  '#9e1c1c',
];

/** Greys of the dark scheme with the blue of the surfaces; Mantine's own are neutral. */
const dark: MantineColorsTuple = [
  '#d5dbe1',
  '#b4bdc6',
  '#93a0ad',
  '#73808d',
  '#424c56',
  '#313940',
  '#272e34',
  '#1c2126',
  '#171b1f',
  '#111417',
];

export const theme = createTheme({
  primaryColor: 'lagoon',
  primaryShade: { light: 7, dark: 6 },
  colors: { lagoon, red, dark },
  defaultRadius: 'md',
  fontFamily: 'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  components: {
    Tooltip: { defaultProps: { openDelay: 350, withArrow: true, multiline: true, maw: 280 } },
  },
});

/** With numbers that are typed as the language writes them. */
export const themeIn = (language: string) =>
  mergeThemeOverrides(theme, {
    components: { NumberInput: { defaultProps: { decimalSeparator: decimalSign(language) } } },
  });
