/** One probe series of an HTTP address. */
export type EndpointValue = {
	/** The address for display: without its password and with secret-looking query values masked. */
	readonly url: string;
	/** Status of the last answer. */
	readonly status?: number;
	readonly isUp: boolean;
	/** Why the last probe failed, as a short code (`ECONNREFUSED`, `timeout`, `HTTP 503`). */
	readonly failure?: string;
	readonly latencyMs?: number;
	/** Over the window of the last probes (at most 150). */
	readonly p50Ms?: number;
	readonly p95Ms?: number;
	readonly probes: number;
	readonly failures: number;
	/** Failed share of the window. */
	readonly failurePercent: number;
	/** Probes in a row that were good since the last one that failed; absent where none failed. */
	readonly goodSinceFailure?: number;
	/** Scalar fields of a JSON body, cleaned. */
	readonly facts: readonly {readonly name: string; readonly value: string}[];
	/** Days until the certificate ends; absent for http. */
	readonly certificateDaysLeft?: number;
	readonly certificateSubject?: string;
	/** Why the certificate is not trusted (`SELF_SIGNED_CERT`, …); absent where it is. Does not make the endpoint down. */
	readonly certificateTrustError?: string;
};
