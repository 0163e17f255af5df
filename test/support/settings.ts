import type {Settings} from '../../src/domain/settings.ts';
import {testSettings} from './state.ts';

const {title: _title, ...untitled} = testSettings;

/** Settings of a host without any configuration, with some changed. */
export function settingsOf(changes: Partial<Settings> = {}): Settings {
	return {...untitled, ...changes};
}
