/** Who does something: for the audit, the locks and the manifests. All texts are cleaned. */
export type Operator = {
	/** Name of the effective user. */
	readonly user: string;
	readonly userId: number;
	/** Login user from /proc/self/loginuid, which survives su and sudo. */
	readonly login?: string;
	readonly sudoUser?: string;
	/** Address that the SSH session came from. */
	readonly ssh?: string;
	readonly terminal?: string;
	/** Only from environment variables, which anybody can set. */
	readonly isUnverified?: boolean;
};
