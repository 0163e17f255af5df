import {isComplete} from './headless.ts';
import {changesOf, seenIn, seenOf, type Seen} from './incidents/changes.ts';
import type {IncidentEvent} from './incidents/event.ts';
import {alertEventsOf, jobsToRecord, operationEventsOf} from './incidents/follow.ts';
import {isOpen} from './incidents/incident.ts';
import {walkEventsToRecord} from './incidents/walk-events.ts';
import type {WalkEvent} from './runbooks/walk.ts';
import {isOfProject, projectOfScope} from './store/alert-project.ts';
import type {OpenWalk} from './store/runbook-state.ts';
import {single} from './store/select.ts';
import type {State} from './store/state.ts';
import {operationFactsOf} from './work/incident-window.ts';
import {appendIncident, followIncident, type IncidentPlace} from './work/incidents.ts';

/** What following works with; `onWritten` is called after something was written into an incident. */
export type FollowFacts = {
	readonly place: () => Promise<IncidentPlace>;
	readonly state: () => State;
	/** Wall-clock time in ms. */
	readonly now: () => number;
	readonly onWritten: () => Promise<void>;
};

/** An event that goes on in an incident: not its begin, not its end. */
type Going = Exclude<IncidentEvent, {readonly kind: 'opened' | 'closed'}>;

/** The operations that a walk began. */
function runsOf(events: readonly WalkEvent[]): readonly string[] {
	return events.flatMap(event => (event.type === 'began' ? [event.run] : []));
}

function isGoing(event: IncidentEvent): event is Going {
	return event.kind !== 'opened' && event.kind !== 'closed';
}

/** The walk that this console has, where it belongs to the project that an incident is about. */
function ownWalk(state: State, project: string | undefined): OpenWalk | undefined {
	const {walk} = state.runbook;
	if (walk === undefined || walk.heldBy !== undefined) return undefined;
	const about = projectOfScope(state, walk.walk.scope);
	return project === undefined || about === undefined || about === project ? walk : undefined;
}

/**
 * Makes what writes into every open incident of the state what happened since: alerts, operations, the steps of the walk
 * that this console has, containers that were replaced. The function rejects as `followIncident` and `appendIncident`.
 */
export function createFollower({place, state, now, onWritten}: FollowFacts): () => Promise<void> {
	let lastSeen: Seen | undefined;

	/** The containers as they were at the last look and as they are, while the engine answers. */
	function looked(): {readonly before: Seen; readonly now: Seen} | undefined {
		const reading = single(state().data, 'docker.containers');
		if (reading?.kind !== 'fresh') return undefined;
		const seen = seenOf(reading.value.containers);
		const before = lastSeen ?? seen;
		lastSeen = seen;
		return {before, now: seen};
	}

	return async () => {
		const seen = looked();
		const {data, jobs = []} = state();
		const folders = await place();
		for (const {id, incident} of state().incident.list ?? []) {
			if (!isOpen(incident)) continue;
			const {project} = incident;
			const walk = ownWalk(state(), project);
			const ownJobs = new Set(walk ? runsOf(walk.walk.events) : []);
			const news = jobsToRecord(incident, jobs, ownJobs);
			const facts = await Promise.all(news.map(operationFactsOf));
			const written = await followIncident(
				folders,
				id,
				(record, lines) => [
					...alertEventsOf(record, data.alerts, isComplete(state()), alert =>
						isOfProject(state(), project, alert),
					),
					...operationEventsOf(record, facts, ownJobs),
					...(walk ? walkEventsToRecord(lines, walk.wizard, walk.walk.events) : []).filter(isGoing),
				],
				{nowMs: now()},
			);
			const writer = {nowMs: now()};
			const changes = seen
				? changesOf(seenIn(seen.before, project), seenIn(seen.now, project))
				: [];
			for (const change of changes) await appendIncident(folders, id, change, writer);
			if (written.length + changes.length > 0) await onWritten();
		}
	};
}
