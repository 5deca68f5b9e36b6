import { ReactFlowProvider } from 'reactflow';
import classes from './App.module.css';
import { CommandPalette } from './actions/CommandPalette.tsx';
import { ShortcutHelp } from './actions/ShortcutHelp.tsx';
import { BottomPanel } from './BottomPanel.tsx';
import { Canvas } from './canvas/Canvas.tsx';
import { ConnectMenu } from './canvas/ConnectMenu.tsx';
import { DocumentDialogs } from './documents/DocumentDialogs.tsx';
import { DropHint } from './documents/DropHint.tsx';
import { TemplatesDialog } from './documents/TemplatesDialog.tsx';
import { FaultDialog } from './faults/FaultDialog.tsx';
import { Inspector } from './inspector/Inspector.tsx';
import { Palette } from './palette/Palette.tsx';
import { ReplayBar } from './replay/ReplayBar.tsx';
import { usePresentation } from './stores/presentation.ts';
import { Tidings } from './tidings/Tidings.tsx';
import { Toolbar } from './toolbar/Toolbar.tsx';
import { Tour } from './tour/Tour.tsx';
import { useAppLifetime } from './use-app-lifetime.ts';

export function App() {
  useAppLifetime();
  const presenting = usePresentation(({ on }) => on);
  return (
    <ReactFlowProvider>
      <div className={classes.app} data-presentation={presenting}>
        <Toolbar />
        {!presenting && <Palette />}
        <Canvas />
        <ReplayBar />
        {!presenting && <Inspector />}
        {!presenting && <BottomPanel />}
        <FaultDialog />
        <DocumentDialogs />
        <DropHint />
        <ConnectMenu />
        <CommandPalette />
        <ShortcutHelp />
        <TemplatesDialog />
        <Tidings />
        <Tour />
      </div>
    </ReactFlowProvider>
  );
}
