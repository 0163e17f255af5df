import type {ServiceKind} from './service-facts.ts';

/** How long a service may take to end, where its configuration says less; SAFETY 3.8. */
const defaultGraceSeconds: Readonly<Record<ServiceKind, number>> = {
	postgres: 120,
	redis: 60,
	app: 30,
};

/** Seconds between the stop signal and SIGKILL: the configured ones, but never less than the kind of service needs. */
export function graceSeconds(
	service: {readonly kind: ServiceKind; readonly stopTimeoutSeconds?: number},
	leastSeconds: number = defaultGraceSeconds[service.kind],
): number {
	return Math.max(Math.ceil(service.stopTimeoutSeconds ?? 0), leastSeconds);
}

const signalNumbers: Readonly<Record<string, number>> = {
	SIGHUP: 1,
	SIGINT: 2,
	SIGQUIT: 3,
	SIGKILL: 9,
	SIGUSR1: 10,
	SIGUSR2: 12,
	SIGTERM: 15,
	SIGWINCH: 28,
};

/** A signal as `SIGTERM`, however it was written (`term`, `15`); undefined where it is none that is sent here. */
export function signalName(text: string): string | undefined {
	const upper = text.trim().toUpperCase();
	const byNumber = Object.entries(signalNumbers).find(([, number]) => String(number) === upper);
	const name = byNumber?.[0] ?? (upper.startsWith('SIG') ? upper : `SIG${upper}`);
	return Object.hasOwn(signalNumbers, name) ? name : undefined;
}

/** How a stopped container ended. `killed`: it did not obey the stop signal and was ended after its grace time. */
export type StopVerdict = 'clean' | 'killed' | 'out-of-memory' | 'status';

/** Judges an exit code after a stop: 0 and 128 + the stop signal are fine, 137 is SIGKILL (SAFETY section 1). */
export function stopVerdict(ended: {
	readonly exitCode: number;
	readonly isOutOfMemory: boolean;
	readonly stopSignal?: string;
}): StopVerdict {
	const stopSignal = signalName(ended.stopSignal ?? 'SIGTERM') ?? 'SIGTERM';
	const wanted = 128 + (signalNumbers[stopSignal] ?? 15);
	if (ended.isOutOfMemory) return 'out-of-memory';
	if (ended.exitCode === 0 || ended.exitCode === 143 || ended.exitCode === wanted) return 'clean';
	return ended.exitCode === 137 ? 'killed' : 'status';
}
