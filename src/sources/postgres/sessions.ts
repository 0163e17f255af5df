import type {Session} from '../../domain/postgres.ts';
import {fieldsOf, numberOf, optional, optionalNumber, statementOf, textOf} from './json.ts';

/** A session with what only the reader needs to know. */
export type SeenSession = {readonly session: Session; readonly isClient: boolean};

function seconds(value: unknown): number | undefined {
	const number = optionalNumber(value);
	// The server's clock may have been set back since.
	return number === undefined ? undefined : Math.max(0, number);
}

function cannotCancelOf(value: unknown): Session['cannotCancel'] {
	return value === 'own' || value === 'superuser' || value === 'rights' ? value : undefined;
}

/** Reads one session of the activity statement; what is not a client is named by what it is (`autovacuum worker`). */
export function sessionOf(value: unknown): SeenSession {
	const fields = fieldsOf(value);
	const isClient = fields['isClient'] === true;
	const state = textOf(fields['state']);
	const isActive = state === 'active' || state === 'fastpath function call';
	const waitType = textOf(fields['waitType']);
	const waitEvent =
		waitType === '' || (waitType === 'Client' && !isActive)
			? undefined
			: `${waitType}: ${textOf(fields['waitEvent'])}`;
	return {
		isClient,
		session: {
			pid: numberOf(fields['pid']),
			user: textOf(fields['user']),
			database: textOf(fields['database']),
			application: isClient ? textOf(fields['application']) : textOf(fields['kind']),
			client: textOf(fields['client']),
			state,
			...optional('waitEvent', waitEvent),
			...optional('transactionSeconds', seconds(fields['transactionSeconds'])),
			...optional('querySeconds', isActive ? seconds(fields['querySeconds']) : undefined),
			...optional('stateSeconds', seconds(fields['stateSeconds'])),
			query: statementOf(fields['query']),
			...optional('cannotCancel', cannotCancelOf(fields['cannotCancel'])),
		},
	};
}
