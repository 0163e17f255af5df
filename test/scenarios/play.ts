import {diagnose} from '../../src/engine/diagnose.ts';
import type {Eyes} from '../../src/engine/eyes.ts';
import {withEyes} from '../../src/headless-eyes.ts';
import {createIo} from '../../src/io/create-io.ts';
import type {Diagnosis, Finding} from '../../src/runbooks/diagnosis.ts';
import type {Ground} from './ground.ts';
import type {Scenario} from './scenario.ts';
import {walkWizard} from './walk-wizard.ts';

/** How a scenario ended. `wrong`: another cause was proposed first, and with it another fix. */
export type Verdict = 'right' | 'missed' | 'wrong' | 'walk failed' | 'broke off';

export type Played = {
	readonly scenario: Scenario;
	readonly verdict: Verdict;
	readonly findings: readonly Finding[];
	readonly blind: Diagnosis['blind'];
	/** From the diagnosis to its end, and of the whole scenario with injecting and taking back. */
	readonly tookMs: number;
	readonly wholeMs: number;
	readonly note: string;
};

/** Causes that are about this machine: other programs on it bring them about at any time. */
const hostCauses = new Set([
	...['cpu-busy-process', 'cpu-busy-service', 'cpu-saturated', 'disk-io-saturated'],
	...['host-memory-short', 'host-swapping', 'disk-full', 'inodes-exhausted'],
]);

/** What counts as found: what is likely, without what other programs of this machine do. */
export function countedOf(
	{isHost, expect}: Pick<Scenario, 'isHost' | 'expect'>,
	findings: readonly Finding[],
): readonly Finding[] {
	const likely = findings.filter(({likelihood}) => likelihood === 'likely');
	if (isHost) return likely;
	return likely.filter(
		({cause, consequenceOf}) =>
			expect.includes(cause.id) ||
			!(hostCauses.has(cause.id) || hostCauses.has(consequenceOf ?? '')),
	);
}

/** Whether a subject (`project/service/1`, a target's id) is of this service. */
function isAbout({subject}: Finding, service: string | undefined): boolean {
	return service === undefined || subject.split(/[/:]/).includes(service);
}

function judge(scenario: Scenario, counted: readonly Finding[]): readonly [Verdict, string] {
	const {expect, about, also = []} = scenario;
	const [first] = counted;
	if (expect.length === 0) return first ? ['wrong', 'a false alarm'] : ['right', ''];
	if (first === undefined) return ['missed', 'nothing is likely'];
	if (!expect.includes(first.cause.id)) return ['wrong', ''];
	if (!isAbout(first, about)) return ['wrong', `about ${first.subject}, not ${about ?? ''}`];
	const lacking = also.filter(id => !counted.some(({cause}) => cause.id === id));
	return lacking.length > 0 ? ['missed', `not likely: ${lacking.join(', ')}`] : ['right', ''];
}

/** Looks as `opsconsole diagnose` does, in this process. */
export async function diagnoseNow<T>(
	ground: Ground,
	scenario: Pick<Scenario, 'settings'>,
	more: (diagnosis: Diagnosis, eyes: Eyes) => Promise<T>,
): Promise<T> {
	const io = createIo();
	const settings = ground.settings(scenario.settings?.(ground));
	return withEyes({io, settings, folders: ground.folders}, async eyes => {
		const never = new AbortController().signal;
		return more(await diagnose(Object.values(ground.runbooks), eyes, io.clock, never), eyes);
	});
}

/** Plays one scenario: makes the fault, waits until it shows, asks what is wrong, walks, takes it back. */
export async function play(ground: Ground, scenario: Scenario): Promise<Played> {
	const begun = performance.now();
	const nothing = {scenario, findings: [], blind: [], tookMs: 0, note: ''};
	let played: Omit<Played, 'wholeMs'>;
	try {
		await scenario.inject(ground);
		await scenario.until?.(ground);
		played = await diagnoseNow(ground, scenario, async (diagnosis, eyes) => {
			const {findings, tookMs, blind} = diagnosis;
			const counted = countedOf(scenario, findings);
			const [verdict, note] = judge(scenario, counted);
			const found = {scenario, verdict, findings, blind, tookMs, note};
			const [first] = counted;
			if (verdict !== 'right' || first === undefined || !scenario.walk) return found;
			const wrong = await walkWizard(ground, {scenario, finding: first, eyes});
			return wrong === undefined ? found : {...found, verdict: 'walk failed', note: wrong};
		});
	} catch (error) {
		const note = error instanceof Error ? error.message : String(error);
		played = {...nothing, verdict: 'broke off', note};
	}

	try {
		await ground.restore(scenario.spoils ?? ['app', 'worker', 'nginx']);
	} catch (error) {
		const note = `${played.note} not taken back: ${error instanceof Error ? error.message : String(error)}`;
		played = {...played, verdict: 'broke off', note};
	}

	return {...played, wholeMs: performance.now() - begun};
}
