import type {Problem} from '../domain/problem.ts';
import type {Settings} from '../domain/settings.ts';

/** Why nobody may change anything with these settings; undefined where it is allowed. */
export function refusalOf(settings: Settings): Promise<Problem | undefined> {
	const refuse = (why: string): Problem => ({
		code: 'road-read-only',
		params: {why},
		retry: 'rarely',
	});
	if (settings.isReadOnly) {
		// An unsafe owner of a configuration file has made it read-only as well.
		const cause = settings.problems.find(({code}) => code.startsWith('config-'));
		return Promise.resolve(refuse(cause?.code ?? '--read-only / read_only'));
	}

	return Promise.resolve(undefined);
}
