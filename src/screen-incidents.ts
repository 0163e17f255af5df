import {access, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {clean} from './domain/clean.ts';
import type {Settings} from './domain/settings.ts';
import {isComplete} from './headless.ts';
import {htmlOf, markdownOf} from './incidents/document.ts';
import {alertEventsOf, jobsToRecord, operationEventsOf} from './incidents/follow.ts';
import {isOpen} from './incidents/incident.ts';
import {changesOf, seenIn, seenOf, type Seen} from './incidents/changes.ts';
import {walkEventsToRecord} from './incidents/walk-events.ts';
import type {Io} from './io/io.ts';
import {openState} from './own-state.ts';
import type {WalkEvent} from './runbooks/walk.ts';
import {isOfProject, projectOfScope} from './store/alert-project.ts';
import type {Effect, Event} from './store/events.ts';
import type {OpenWalk} from './store/runbook-state.ts';
import {single} from './store/select.ts';
import type {State} from './store/state.ts';
import {operationFactsOf} from './work/incident-window.ts';
import {packIncident} from './work/incident-pack.ts';
import {reportOfIncident} from './work/incident-report.ts';
import {
	appendIncident,
	closeIncident,
	findIncident,
	followIncident,
	listIncidents,
	openIncident,
} from './work/incidents.ts';
import {problemOfError} from './work/perform.ts';
import {pruneIncidents} from './work/prune-incidents.ts';
import {whoAmI} from './work/who.ts';

/** The effects that concern incidents. */
export type IncidentEffect = Extract<
	Effect,
	{
		readonly type:
			'read-incidents' | 'open-incident' | 'incident-append' | 'close-incident' | 'report-incident';
	}
>;

/** What the screen needs to remember incidents. */
export type ScreenIncidents = {
	carryOut(effect: IncidentEffect): void;
	stop(): void;
};

/** The report in the folder of an incident; the other forms are beside it. */
const reportFile = 'report.md';

/** How often an open incident hears what happened, in ms. */
const followEveryMs = 2000;

type Facts = {
	readonly io: Io;
	readonly settings: Settings;
	readonly state: () => State;
	readonly send: (event: Event) => void;
};

/** The operations that a walk began. */
function runsOf(events: readonly WalkEvent[]): readonly string[] {
	return events.flatMap(event => (event.type === 'began' ? [event.run] : []));
}

/** Makes what carries out the effects of the incident screen, and writes down by itself what happens while one is open. */
export function createScreenIncidents(facts: Facts): ScreenIncidents {
	const {io, settings, state, send} = facts;
	const {clock} = io;
	const end = new AbortController();
	let lastSeen: Seen | undefined;

	const attempt = (what: string, work: () => Promise<void>) => {
		work().catch((error: unknown) => {
			if (!end.signal.aborted) {
				send({type: 'action-failed', problem: problemOfError(error, what)});
			}
		});
	};
	const place = async () => openState(io, settings);

	async function readAll(): Promise<void> {
		const list = await listIncidents(await place());
		const reported = await Promise.all(
			list.map(async ({folder}) =>
				access(join(folder, reportFile)).then(
					() => true,
					() => false,
				),
			),
		);
		send({
			type: 'incidents-arrived',
			list: list.map(({id, folder, incident, lines, damage}, index) => ({
				id,
				incident,
				lines,
				isDamaged: damage !== undefined,
				...(reported[index] === true && {reportedIn: folder}),
			})),
		});
	}

	/** The containers as they were at the last look and as they are, while the engine answers. */
	function looked(): {readonly before: Seen; readonly now: Seen} | undefined {
		const reading = single(state().data, 'docker.containers');
		if (reading?.kind !== 'fresh') return undefined;
		const now = seenOf(reading.value.containers);
		const before = lastSeen ?? now;
		lastSeen = now;
		return {before, now};
	}

	/** The walk that this console has, where it belongs to the project that an incident is about. */
	function ownWalk(project: string | undefined): OpenWalk | undefined {
		const {walk} = state().runbook;
		if (walk === undefined || walk.heldBy !== undefined) return undefined;
		const about = projectOfScope(state(), walk.walk.scope);
		return project === undefined || about === undefined || about === project ? walk : undefined;
	}

	/** What happened since: alerts, operations, the steps of the walk that this console has. */
	async function follow(): Promise<void> {
		const seen = looked();
		const {data, jobs = []} = state();
		const folders = await place();
		for (const {id, incident} of state().incident.list ?? []) {
			if (!isOpen(incident)) continue;
			const {project} = incident;
			const walk = ownWalk(project);
			const ownJobs = new Set(walk ? runsOf(walk.walk.events) : []);
			const news = jobsToRecord(incident, jobs, ownJobs);
			const facts = await Promise.all(news.map(operationFactsOf));
			const written = await followIncident(
				folders,
				id,
				(now, lines) => [
					...alertEventsOf(now, data.alerts, isComplete(state()), alert =>
						isOfProject(state(), project, alert),
					),
					...operationEventsOf(now, facts, ownJobs),
					...(walk ? walkEventsToRecord(lines, walk.wizard, walk.walk.events) : []).filter(
						(event): event is Exclude<typeof event, {readonly kind: 'opened' | 'closed'}> =>
							event.kind !== 'opened' && event.kind !== 'closed',
					),
				],
				{nowMs: clock.now()},
			);
			const writer = {nowMs: clock.now()};
			const changes = seen
				? changesOf(seenIn(seen.before, project), seenIn(seen.now, project))
				: [];
			for (const change of changes) await appendIncident(folders, id, change, writer);
			if (written.length + changes.length > 0) await readAll();
		}
	}

	async function keepFollowing(): Promise<void> {
		while (!end.signal.aborted) {
			const hasOpen = state().incident.list?.some(({incident}) => isOpen(incident)) === true;
			// A record that cannot be written is told when somebody writes into it.
			if (hasOpen) await follow().catch(() => undefined);
			await clock.sleep(followEveryMs, end.signal).catch(() => undefined);
		}
	}

	async function open(wish: IncidentEffect & {type: 'open-incident'}): Promise<void> {
		const {title, severity, from} = wish;
		const {environment, docker} = settings;
		// Of several projects nobody chose the first.
		const [only, ...others] = docker.projects ?? [];
		const project = wish.project ?? (others.length === 0 ? only : undefined);
		await openIncident(
			await place(),
			{
				title,
				severity,
				from,
				environment: environment.name === '' ? environment.kind : environment.name,
				hostname: clean(io.host.hostname(), 64),
				...(project !== undefined && {project}),
			},
			{operator: await whoAmI(), nowMs: clock.now()},
		);
		await readAll();
		await follow();
	}

	async function close({id, cause, done}: IncidentEffect & {type: 'close-incident'}) {
		// What ended a moment ago belongs into the report; afterwards nothing can be added.
		await follow().catch(() => undefined);
		const writer = {operator: await whoAmI(), nowMs: clock.now()};
		await closeIncident(await place(), id, {cause, done, followUps: []}, writer);
		await report(id);
		const kept = {nowMs: clock.now(), keepMs: settings.incidents?.keepMs};
		await pruneIncidents(await place(), kept).catch(() => undefined);
		await readAll();
	}

	/** Writes the report in both forms and the evidence pack into the folder of the incident. */
	async function report(id: string): Promise<void> {
		const folders = await place();
		const record = await findIncident(folders, id);
		const known = {state: folders, settings, nowMs: clock.now()};
		const document = await reportOfIncident(record, known);
		const write = async (name: string, content: string | Uint8Array) =>
			writeFile(join(record.folder, name), content, {mode: 0o600});
		await write(reportFile, markdownOf(document));
		await write('report.html', htmlOf(document));
		await write('pack.tar', (await packIncident(record, known)).bytes);
		send({type: 'incident-reported', id, path: record.folder});
	}

	void readAll()
		.catch(() => undefined)
		.then(keepFollowing);

	return {
		carryOut(effect) {
			switch (effect.type) {
				case 'read-incidents':
					attempt('incidents', readAll);
					return;
				case 'open-incident':
					attempt('incident', async () => open(effect));
					return;
				case 'incident-append':
					attempt('incident', async () => {
						const writer = {operator: await whoAmI(), nowMs: clock.now()};
						await appendIncident(await place(), effect.id, effect.event, writer);
						await readAll();
					});
					return;
				case 'close-incident':
					attempt('incident', async () => close(effect));
					return;
				case 'report-incident':
					attempt('incident', async () => report(effect.id));
			}
		},
		stop() {
			end.abort();
		},
	};
}
