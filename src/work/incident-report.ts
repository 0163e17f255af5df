import type {ReportDocument} from '../incidents/document.ts';
import type {Incident} from '../incidents/incident.ts';
import {incidentReport} from '../incidents/report.ts';
import type {Settings} from '../domain/settings.ts';
import {surroundingsOf, type Surroundings} from './incident-window.ts';
import type {IncidentRecord} from './incidents.ts';
import type {StateFolders} from './state-folders.ts';

/** What a report is made with. */
export type ReportSurroundings = {
	readonly state: Pick<StateFolders, 'root' | 'runs' | 'audit'>;
	readonly settings: Pick<Settings, 'language' | 'contacts'>;
	readonly nowMs: number;
};

/** The operations of an incident as their own journals say now: one that ended unseen is not told as running. */
function upToDate(incident: Incident, {operations}: Surroundings): Incident {
	const now = incident.operations.map(
		operation => operations.find(({job}) => job === operation.job) ?? operation,
	);
	return {...incident, operations: now};
}

/** The report of an incident with what was collected around it: the same for the same facts. */
export function documentOf(
	record: IncidentRecord,
	surroundings: Surroundings,
	{settings, nowMs}: Pick<ReportSurroundings, 'settings' | 'nowMs'>,
): ReportDocument {
	const {nearby, damage} = surroundings;
	const {id, incident, lines} = record;
	const {language, contacts} = settings;
	return incidentReport({
		id,
		incident: upToDate(incident, surroundings),
		lines,
		...(damage && {damage}),
		...{nearby, contacts, nowMs, language},
	});
}

/** The report of an incident, from its events and what other records say of its time. Never rejects for the latter. */
export async function reportOfIncident(
	record: IncidentRecord,
	facts: ReportSurroundings,
): Promise<ReportDocument> {
	const {state, nowMs} = facts;
	return documentOf(record, await surroundingsOf(state, record, nowMs), facts);
}
