import {access, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {clean} from './domain/clean.ts';
import type {Settings} from './domain/settings.ts';
import {createFollower} from './incident-follower.ts';
import {htmlOf, markdownOf} from './incidents/document.ts';
import {isOpen} from './incidents/incident.ts';
import type {Io} from './io/io.ts';
import {openState} from './own-state.ts';
import type {Effect, Event} from './store/events.ts';
import type {State} from './store/state.ts';
import {packIncident} from './work/incident-pack.ts';
import {reportOfIncident} from './work/incident-report.ts';
import {
	appendIncident,
	closeIncident,
	findIncident,
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
	/** Ends following; resolves when nothing more is written by itself. */
	stop(): Promise<void>;
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

/** Makes what carries out the effects of the incident screen, and writes down by itself what happens while one is open. */
export function createScreenIncidents(facts: Facts): ScreenIncidents {
	const {io, settings, state, send} = facts;
	const {clock} = io;
	const end = new AbortController();

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

	const follow = createFollower({place, state, now: () => clock.now(), onWritten: readAll});

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

	const following = readAll()
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
		async stop() {
			end.abort();
			await following;
		},
	};
}
