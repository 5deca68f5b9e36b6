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

/** Mantine's own are too light: from the seventh shade on white letters can be read on them, and the last on the second. */
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

const orange: MantineColorsTuple = [
  '#fff4e6',
  '#ffe8cc',
  '#ffd8a8',
  '#ffc078',
  '#ffa94d',
  '#ff922b',
  '#c2410c',
  '#c2410c',
  '#a8380a',
  '#8a2e08',
];

const yellow: MantineColorsTuple = [
  '#fff9db',
  '#fff3bf',
  '#ffec99',
  '#ffe066',
  '#ffd43b',
  '#fcc419',
  '#a35a00',
  '#a35a00',
  '#8a4b00',
  '#7a4200',
];

const green: MantineColorsTuple = [
  '#ebfbee',
  '#d3f9d8',
  '#b2f2bb',
  '#8ce99a',
  '#69db7c',
  '#51cf66',
  '#237a36',
  '#237a36',
  '#1f6d30',
  '#1a5c28',
];

export const theme = createTheme({
  primaryColor: 'lagoon',
  primaryShade: { light: 7, dark: 6 },
  colors: { lagoon, dark, red, orange, yellow, green },
  respectReducedMotion: true,
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
