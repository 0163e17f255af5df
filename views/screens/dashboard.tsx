import {Box} from 'ink';
import {useShown} from '../../hooks/store-context.ts';
import {shown, visiblePanels} from '../../src/store/select.ts';
import {type PanelId, panels} from '../../src/store/state.ts';
import {backupNeed, BackupsPanel} from '../panels/backups.tsx';
import {containerNeed, ContainersPanel} from '../panels/containers.tsx';
import {errorNeed, ErrorsPanel} from '../panels/errors.tsx';
import {HostPanel} from '../panels/host.tsx';
import {PostgresPanel} from '../panels/postgres.tsx';
import {RedisPanel} from '../panels/redis.tsx';
import {ViewBoundary} from '../parts/view-boundary.tsx';
import {layoutOf} from './layout.ts';

/** The component of each panel: the one place where a panel is registered. */
export const panelViews: Readonly<
	Record<PanelId, (props: {readonly width: number; readonly height: number}) => React.ReactNode>
> = {
	containers: ContainersPanel,
	host: HostPanel,
	postgres: PostgresPanel,
	redis: RedisPanel,
	errors: ErrorsPanel,
	backups: BackupsPanel,
};

/** All panels at once. */
export function Dashboard({columns, height}: {readonly columns: number; readonly height: number}) {
	const visible = useShown(state => visiblePanels(shown(state)).join());
	const containers = useShown(state => containerNeed(shown(state)));
	const bottom = useShown(state => Math.max(errorNeed(state), backupNeed(state)));
	const layout = layoutOf({
		columns,
		height,
		panels: panels.filter(panel => visible.split(',').includes(panel)),
		containers,
		bottom,
	});
	return (
		<Box width={columns} height={height} gap={1} overflow="hidden">
			{layout.map(column => (
				<Box key={column.width} flexDirection="column" width={column.width} flexShrink={0}>
					{column.rows.map(slots => (
						<Box key={slots.map(slot => slot.panel).join()} gap={1} flexShrink={0}>
							{slots.map(({panel, width, height: rows}) => {
								const View = panelViews[panel];
								return (
									<ViewBoundary key={panel} width={width} height={rows}>
										<View width={width} height={rows} />
									</ViewBoundary>
								);
							})}
						</Box>
					))}
				</Box>
			))}
		</Box>
	);
}
