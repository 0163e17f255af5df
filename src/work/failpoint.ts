/** Where a run can be made to fail on purpose: around a step's records, and around each single effect of it. */
export type Place = 'before' | 'begun' | 'pre' | 'mid' | 'effect' | 'after';

/**
 * Called at every place of a run; `count` is the number of the effect within the step for `pre` and `mid`, from 1.
 * While undoing, the step is `undo/<step>`. What it throws is a crash: nothing is cleaned up after it.
 */
export type Failpoint = (step: string, place: Place, count: number) => Promise<void>;

/** A run without faults. */
export const noFailpoint: Failpoint = () => Promise.resolve();

/** What a failpoint does: end the process at once, a full disk, a broken disk, hang, end with an exit status. */
export type FailAction = 'kill' | 'enospc' | 'eio' | 'hang' | 'exit';

/** A place that was chosen to fail: `swap:mid2:kill`. */
export type FailChoice = {
	readonly step: string;
	readonly place: Place;
	readonly count: number;
	readonly action: FailAction;
};

const pattern =
	/^([\w/-]+):(before|begun|effect|after|pre|mid)(\d*)(?::(kill|enospc|eio|hang|exit))?$/;

/** Reads `<step>:<place>[number][:action]`; undefined where it is none. The usual action is `kill`. */
export function parseFailpoint(text: string): FailChoice | undefined {
	const [, step, place, count, action] = pattern.exec(text) ?? [];
	if (step === undefined || place === undefined) return undefined;
	return {
		step,
		place: place as Place,
		count: count === undefined || count === '' ? 1 : Number(count),
		action: (action ?? 'kill') as FailAction,
	};
}

/** Whether a place is the chosen one. */
export function isChosen(choice: FailChoice, step: string, place: Place, count: number): boolean {
	const isCounted = place === 'pre' || place === 'mid';
	return choice.step === step && choice.place === place && (!isCounted || choice.count === count);
}
