import {useStateOf} from '../../hooks/use-state-of.ts';
import {type Look, useLook} from '../../hooks/use-look.ts';
import {clean} from '../../src/domain/clean.ts';
import {
	formatAge,
	formatClock,
	formatDuration,
	formatDurationShort,
	truncate,
	widthOf,
} from '../../src/domain/format.ts';
import {valueOf} from '../../src/domain/reading.ts';
import {sayIncident} from '../../src/incidents/say.ts';
import {openIncidentOf} from '../../src/store/incident-keys.ts';
import {jobPercent, openJobs} from '../../src/store/jobs.ts';
import {sayPhrase} from '../../src/words/phrases/phrase.ts';
import {pendingCount} from '../../src/store/select-alerts.ts';
import {dataAgeMs, overallLevel, overallRecovery} from '../../src/store/select-levels.ts';
import {shown, single} from '../../src/store/select.ts';
import {waitingWalks} from '../../src/store/runbook-state.ts';
import type {Data, State} from '../../src/store/state.ts';
import {environmentBanner} from '../parts/banner.ts';
import {jobSign, jobStyle} from '../parts/job-words.ts';
import {Rows} from '../parts/rows.tsx';
import {
	levelSign,
	levelStyle,
	levelWord,
	type Line,
	lineWidth,
	pendingSign,
	type Span,
	span,
} from '../parts/spans.ts';

/** One part of the line; what is needed less goes first when the window is narrow. */
type Part = {readonly need: number; readonly spans: Line};

function leftParts(state: State, look: Look, isShort: boolean): readonly Part[] {
	const {environment, isReadOnly} = state.settings;
	const {dot} = look.glyphs;
	const filter = state.ui.isTroubleOnly
		? [{need: 3, spans: [span(` ${dot} ${look.say('status.only-trouble')}`, {bold: true})]}]
		: [];
	return [
		{need: 0, spans: [environmentBanner(look, environment)]},
		...filter,
		...incidentParts(state, look),
		...jobParts(state, look),
		...walkParts(state, look, isShort),
		{need: 7, spans: [span(` ${dot} ${clean(state.hostname, 40)}`)]},
		...(isReadOnly ? [{need: 6, spans: [span(` ${dot} ${look.say('status.read-only')}`)]}] : []),
	];
}

/** An open incident and since when; it is always in sight. */
function incidentParts(state: State, look: Look): readonly Part[] {
	const open = openIncidentOf(state);
	if (!open) return [];
	const seconds = Math.max(0, state.data.nowMs - open.incident.sinceMs) / 1000;
	const lasts = formatDuration(seconds, look.language);
	const text = ` ${sayIncident(look.language, 'screen.badge', {lasts})} `;
	return [{need: 1, spans: [span(' '), span(text, {color: 'red', inverse: true, bold: true})]}];
}

/** What is being done now: always there, the title as long as there is room. */
function jobParts(state: State, look: Look): readonly Part[] {
	const jobs = openJobs(state);
	const [job] = jobs;
	if (!job) return [];
	const percent = jobPercent(job);
	const style = {...jobStyle(job), inverse: true, bold: true};
	const step = job.stepCount === 0 ? '' : ` ${job.step}/${job.stepCount}`;
	const share = percent === undefined ? '' : ` ${Math.floor(percent)}%`;
	const more = jobs.length > 1 ? ` +${jobs.length - 1}` : '';
	const title = truncate(sayPhrase(look.language, job.title), jobTitleWidth(state.ui.columns));
	return [
		{need: 1, spans: [span(' '), span(` ${jobSign(job)} ${title}${step}${share}${more} `, style)]},
	];
}

/**
 * Walks that somebody paused or handed over, as long as nobody took them up. In whole words where there is room for the
 * clock and the age of the data beside them; in short it goes before these.
 */
function walkParts(state: State, look: Look, isShort: boolean): readonly Part[] {
	const count = waitingWalks(state);
	if (count === 0) return [];
	const said = look.say(isShort ? 'status.walks-short' : 'status.walks', {count});
	const spans = [span(` ${look.glyphs.dot} ${said}`, {bold: true})];
	return [{need: isShort ? 3 : 6, spans}];
}

/** Cells that the title of the running operation gets. */
function jobTitleWidth(columns: number): number {
	return Math.max(8, Math.floor(columns / 5));
}

/** The worst level in words. All is not well while something waits for the end of its hold time. */
function levelSpan(data: Data, look: Look): Span {
	const level = overallLevel(data);
	const count = pendingCount(data);
	if (level === 'ok' && count > 0) {
		return span(` ${pendingSign} ${look.say('status.pending', {count})} `, {
			inverse: true,
			bold: true,
		});
	}

	const recovery = overallRecovery(data);
	const untilMs = recovery?.untilMs;
	const rest =
		untilMs === undefined ? '' : ` ${formatDurationShort((untilMs - data.nowMs) / 1000)}`;
	const falls = recovery ? `${look.say('comma')}${look.say('status.recovering')}${rest}` : '';
	return span(` ${levelSign[level]} ${levelWord(look, level)}${falls} `, {
		...levelStyle(level),
		inverse: true,
		bold: true,
	});
}

function rightParts(state: State, look: Look): readonly Part[] {
	const {data, frozen} = state;
	const ageMs = dataAgeMs(data);
	const frozenAge = frozen ? formatAge(data.nowMs - frozen.nowMs, look.language) : '';
	const badge = span(` ${look.say('status.frozen', {age: frozenAge})} `, {inverse: true});
	return [
		...(frozen ? [{need: 2, spans: [badge, span(' ')]}] : []),
		{need: 0, spans: [levelSpan(shown(state), look)]},
		{need: 5, spans: [span(` ${formatClock(data.nowMs)}`)]},
		...(ageMs === undefined
			? []
			: [
					{
						need: 4,
						spans: [
							span(
								` ${look.glyphs.dot} ${look.say('status.age', {age: formatAge(ageMs, look.language)})}`,
								ageMs > oldMs ? {color: 'red', bold: true} : {dim: true},
							),
						],
					},
				]),
	];
}

/** From which age on the data is no longer what happens now. */
const oldMs = 10_000;

/** Cells that the name of the stack gets before the clock, the age of the data or the host's name. */
const titleWidth = 16;

/** The parts that have room beside the name of the stack, the least needed left out first. */
function fitting(parts: readonly Part[], cells: number): ReadonlySet<Part> {
	let rest = cells;
	const chosen = new Set<Part>();
	for (const part of parts.toSorted((a, b) => a.need - b.need)) {
		const needed = lineWidth(part.spans);
		if (needed > rest && part.need > 0) continue;
		chosen.add(part);
		rest -= needed;
	}

	return chosen;
}

/** Environment, stack, host, worst level, clock and age of the data: `width` cells, the least needed left out first. */
export function statusLine(state: State, look: Look, width: number): Line {
	const title = state.settings.title ?? projectsTitle(state);
	const cells = width - 1 - Math.min(titleWidth, widthOf(title) + 1);
	const right = rightParts(state, look);
	const wordy = leftParts(state, look, false);
	const fits = fitting([...wordy, ...right], cells);
	// Only the host's name is not worth a shorter word.
	const isWhole = wordy.every(part => part.need > 6 || fits.has(part));
	const left = isWhole ? wordy : leftParts(state, look, true);
	const chosen = fitting([...left, ...right], cells);
	const used = [...chosen].reduce((sum, part) => sum + lineWidth(part.spans), 0);
	const room = Math.max(0, width - 1 - used);
	const name = room < 3 ? '' : truncate(` ${title}`, room);
	const [environment, ...others] = left.filter(part => chosen.has(part));
	return [
		...(environment?.spans ?? []),
		span(name, {bold: true}),
		...others.flatMap(part => part.spans),
		span(' '.repeat(Math.max(0, width - used - widthOf(name)))),
		...right.filter(part => chosen.has(part)).flatMap(part => part.spans),
	];
}

function projectsTitle(state: State): string {
	const containers = valueOf(single(shown(state), 'docker.containers'))?.containers ?? [];
	const projects = new Set(containers.flatMap(container => container.project ?? []));
	const [first] = projects;
	if (first === undefined) return 'opsconsole';
	return projects.size === 1 ? first : `${first} +${projects.size - 1}`;
}

const reads = (state: State): readonly unknown[] => [
	Math.floor(state.data.nowMs / 1000),
	overallLevel(shown(state)),
	pendingCount(shown(state)),
	overallRecovery(shown(state)),
	dataAgeMs(state.data) === undefined,
	projectsTitle(state),
	state.frozen,
	state.settings,
	state.ui.isTroubleOnly,
	state.jobs,
	waitingWalks(state),
	state.ui.columns,
];

/** The first line of every screen. */
export function StatusLine({width}: {readonly width: number}) {
	const look = useLook();
	const state = useStateOf(reads);
	return <Rows lines={[statusLine(state, look, width)]} width={width} height={1} />;
}
