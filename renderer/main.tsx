import './zod-without-eval.ts';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import 'reactflow/dist/style.css';
import 'uplot/dist/uPlot.min.css';
import './theme.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { beginWithLanguage, useLanguage } from './i18n/language.ts';
import { themeIn } from './theme.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element "root".');

await beginWithLanguage();

createRoot(root).render(
  <StrictMode>
    <Window />
  </StrictMode>,
);

function Window() {
  const language = useLanguage((state) => state.language);
  return (
    <MantineProvider theme={themeIn(language)} defaultColorScheme="auto">
      <Notifications position="bottom-center" limit={4} />
      <App />
    </MantineProvider>
  );
}
