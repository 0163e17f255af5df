import {Box} from 'ink';
import {useLook, type Look} from '../../hooks/use-look.ts';
import {useStateOf} from '../../hooks/use-state-of.ts';
import {
	formatClock,
	formatDateTime,
	formatDurationExact,
	truncate,
} from '../../src/domain/format.ts';
import {clocksOf, type IncidentClock} from '../../src/incidents/clocks.ts';
import {datedOf, inOrder} from '../../src/incidents/dated.ts';
import {isOpen, isSolved} from '../../src/incidents/incident.ts';
import {sayClock} from '../../src/incidents/report-done.ts';
import {sayLatest} from '../../src/incidents/report-seen.ts';
import {sayEvent, sayIncident} from '../../src/incidents/say.ts';
import {partOf} from '../../src/incidents/since.ts';
import {nextPhase, shownIncident, type KnownIncident} from '../../src/store/incident-keys.ts';
import type {State} from '../../src/store/state.ts';
import {heading} from '../panels/panel.tsx';
import {wrapped} from '../parts/reading-lines.ts';
import {Rows} from '../parts/rows.tsx';
import {type Line, type Style, span} from '../parts/spans.ts';
import {secondOf} from '../parts/timed.ts';
import {TextScreen, textOf} from './text-screen.tsx';

const reads = (state: State): readonly unknown[] => [state.incident, secondOf(state.data)];

const clockStyles: Readonly<Record<IncidentClock['state'], Style>> = {
	running: {color: 'yellow', bold: true},
	met: {color: 'green'},
	cleared: {color: 'green'},
	missed: {color: 'red', bold: true},
	unanswered: {color: 'yellow'},
	stopped: {dim: true},
};

/** What matters at once: how bad, since when, the clocks that run. */
function headLines(
	look: Look,
	{incident}: KnownIncident,
	facts: {width: number; nowMs: number},
): readonly Line[] {
	const {width, nowMs} = facts;
	const say = (code: string, params?: Readonly<Record<string, string | number>>) =>
		sayIncident(look.language, code, params);
	const untilMs = incident.closed?.atMs ?? nowMs;
	const state = say('screen.state', {
		severity: say(`severity.${incident.severity}`),
		phase: say(`phase.${incident.phase}`),
		since: sayLatest(look.language, formatDateTime(incident.sinceMs), incident.isSinceLatest),
		lasts: formatDurationExact(Math.max(0, untilMs - incident.sinceMs) / 1000, look.language),
		who: incident.acknowledged?.by ?? say('screen.nobody'),
	});
	const lasting = (ms: number) => formatDurationExact(ms / 1000, look.language);
	const clocks = clocksOf(incident, nowMs).map((clock): Line => [
		span(
			` ${say(`clock.${clock.state}`)}${look.say('colon')}${sayClock(look.language, clock)} ${lasting(clock.tookMs)} / ${lasting(clock.limitMs)}`,
			clockStyles[clock.state],
		),
	]);
	return [
		...wrapped(state, width - 2, 2).map((text): Line => [span(` ${text}`, {bold: true})]),
		...clocks.slice(0, 4),
		[span(look.glyphs.rule.repeat(width), {dim: true})],
	];
}

/** The timeline, the newest first, so that it is always in sight. */
function timeline(look: Look, {incident, lines}: KnownIncident, width: number): readonly Line[] {
	return [...inOrder(partOf(lines, incident))].reverse().flatMap(line => {
		const {atMs, by} = datedOf(line);
		const who = by === 'opsconsole' ? '' : ` (${by})`;
		const text = `${sayEvent(look.language, line.event)}${who}`;
		return wrapped(text, Math.max(10, width - 12), 4).map((row, index): Line => [
			span(index === 0 ? ` ${formatClock(atMs)} ` : ' '.repeat(10), {dim: true}),
			span(row),
		]);
	});
}

function footLines(state: State, look: Look, known: KnownIncident, width: number): readonly Line[] {
	const say = (code: string, params?: Readonly<Record<string, string | number>>) =>
		sayIncident(look.language, code, params);
	const phase = nextPhase(known.incident);
	const {reportedIn: written, incident} = known;
	const solved = isSolved(incident);
	const closed = say(written === undefined ? 'screen.closed' : 'screen.closed-reported');
	const next = isOpen(incident)
		? [
				...(solved ? [say('screen.solved')] : []),
				...(phase && !solved ? [say('screen.next-phase', {phase: say(`phase.${phase}`)})] : []),
				...(incident.acknowledged ? [] : [say('screen.acknowledge')]),
			]
		: [closed];
	const {contacts, links} = state.settings;
	const people = [...contacts]
		.sort((a, b) => (a.respondWithinMinutes ?? 9999) - (b.respondWithinMinutes ?? 9999))
		.map(({name, role, reach}) => `${name} (${role}) ${reach}`);
	const places = links.map(({title, url}) => `${title} ${url}`);
	return [
		[span(look.glyphs.rule.repeat(width), {dim: true})],
		...[...people.slice(0, 3), ...places.slice(0, 2)].map((text): Line => [
			span(` ${truncate(text, width - 2)}`, {dim: true}),
		]),
		...(known.isDamaged
			? [[span(` x ${say('screen.damaged')}`, {color: 'red', bold: true})] satisfies Line]
			: []),
		...next.map((text): Line => [span(` ${text}`, {color: 'cyan'})]),
		...(written === undefined
			? []
			: wrapped(say('screen.written', {folder: written}), width - 2, 2).map((text): Line => [
					span(` ${text}`),
				])),
	];
}

/** An incident: how bad, its clocks, its timeline. What happens while it is open is written down by itself. */
export function IncidentScreen({width, height}: {readonly width: number; readonly height: number}) {
	const look = useLook();
	const state = useStateOf(reads);
	const known = shownIncident(state);
	const title = known?.incident.title ?? sayIncident(look.language, 'screen.title');
	const head = (note: string): Line => heading(look, {title, note, width, isFocused: true});
	if (!known) {
		const none = sayIncident(look.language, 'screen.none');
		const rows = wrapped(none, width - 2, 3).map((text): Line => [span(` ${text}`)]);
		return <Rows lines={[head(''), ...rows]} width={width} height={height} />;
	}

	const upper = headLines(look, known, {width, nowMs: state.data.nowMs});
	const lower = footLines(state, look, known, width);
	const middle = Math.max(3, height - upper.length - lower.length);
	return (
		<Box flexDirection="column" width={width} height={height} flexShrink={0}>
			<Rows lines={upper} width={width} height={upper.length} />
			<TextScreen
				head={head}
				text={textOf(timeline(look, known, width))}
				width={width}
				height={middle}
			/>
			<Rows lines={lower} width={width} height={height - upper.length - middle} />
		</Box>
	);
}
