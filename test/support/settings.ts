import type {Settings} from '../../src/domain/settings.ts';

/** Settings of a host without any configuration, with some changed. */
export function settingsOf(changes: Partial<Settings> = {}): Settings {
	return {
		environment: {kind: 'test', name: 'test'},
		language: 'en',
		refreshMs: 2000,
		isReadOnly: false,
		docker: {isEnabled: true},
		discovery: {isEnabled: true},
		services: [],
		postgres: [],
		redis: [],
		endpoints: [],
		logs: [],
		backups: [],
		rules: [],
		schedules: [],
		contacts: [],
		links: [],
		files: [],
		problems: [],
		...changes,
	};
}
