import {Box} from 'ink';
import {StoreContext, useShown} from '../hooks/store-context.ts';
import {useKeys} from '../hooks/use-keys.ts';
import {useLook} from '../hooks/use-look.ts';
import {currentScreen} from '../src/store/select.ts';
import type {Store} from '../src/store/store.ts';
import {DialogScreen} from './dialogs/dialog-screen.tsx';
import {wrapped} from './parts/reading-lines.ts';
import {Rows} from './parts/rows.tsx';
import {span} from './parts/spans.ts';
import {ViewBoundary} from './parts/view-boundary.tsx';
import {ContainerScreen} from './screens/container-screen.tsx';
import {CheckScreen} from './screens/check-screen.tsx';
import {Dashboard} from './screens/dashboard.tsx';
import {DiagnosisScreen} from './screens/diagnosis-screen.tsx';
import {HelpScreen} from './screens/help-screen.tsx';
import {IncidentScreen} from './screens/incident-screen.tsx';
import {JobScreen} from './screens/job-screen.tsx';
import {JobsScreen} from './screens/jobs-screen.tsx';
import {KeyLine} from './screens/key-line.tsx';
import {minimumColumns, minimumRows} from './screens/layout.ts';
import {PanelScreen} from './screens/panel-screen.tsx';
import {RunbooksScreen} from './screens/runbooks-screen.tsx';
import {StatusLine} from './screens/status-line.tsx';
import {WalkScreen} from './screens/walk-screen.tsx';

/** The whole screen for a store. */
export function App({store}: {readonly store: Store}) {
	return (
		<StoreContext value={store}>
			<Window />
		</StoreContext>
	);
}

/** Exactly as large as the terminal: status line, one screen, key line. */
function Window() {
	useKeys();
	const columns = useShown(state => state.ui.columns);
	const rows = useShown(state => state.ui.rows);
	const look = useLook();
	if (columns < minimumColumns || rows < minimumRows) {
		const text = look.say('too-small', {columns, rows});
		const lines = wrapped(text, columns, rows).map(line => [span(line)]);
		return <Rows lines={lines} width={columns} height={rows} />;
	}

	return (
		<Box flexDirection="column" width={columns} height={rows} overflow="hidden">
			<StatusLine width={columns} />
			<ViewBoundary width={columns} height={rows - 2}>
				<Body width={columns} height={rows - 2} />
			</ViewBoundary>
			<KeyLine width={columns} />
		</Box>
	);
}

function Body({width, height}: {readonly width: number; readonly height: number}) {
	const isHelpOpen = useShown(state => state.ui.isHelpOpen);
	const screen = useShown(currentScreen);
	const hasDialog = useShown(state => state.dialog !== undefined);
	if (isHelpOpen) return <HelpScreen width={width} height={height} />;
	if (hasDialog) return <DialogScreen width={width} height={height} />;
	switch (screen.kind) {
		case 'dashboard':
			return <Dashboard columns={width} height={height} />;
		case 'panel':
			return <PanelScreen panel={screen.panel} width={width} height={height} />;
		case 'container':
			return <ContainerScreen containerKey={screen.key} width={width} height={height} />;
		case 'jobs':
			return <JobsScreen width={width} height={height} />;
		case 'diagnosis':
			return <DiagnosisScreen width={width} height={height} />;
		case 'runbooks':
			return <RunbooksScreen width={width} height={height} />;
		case 'walk':
			return <WalkScreen width={width} height={height} />;
		case 'incident':
			return <IncidentScreen width={width} height={height} />;
		case 'check':
			return <CheckScreen width={width} height={height} />;
		case 'job':
			return <JobScreen id={screen.id} width={width} height={height} />;
	}
}
