/** A password or key that cannot be printed by accident: JSON, templates and inspection show only dots. */
export type Secret = {
	/** The only way to the text; call it where the server is given its password, nowhere else. */
	readonly reveal: () => string;
	readonly toJSON: () => string;
	readonly toString: () => string;
};

const known = new Set<string>();
const maxKnown = 500;

/**
 * Whether a text can only be a password: long, and of more than one kind of character. A password such as `postgres`
 * is a word of every log as well; masking it there would hide the log and tell the password.
 */
function isUnmistakable(text: string): boolean {
	const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^\w\s]/].filter(kind => kind.test(text));
	return text.length >= 8 && kinds.length >= 2;
}

/** Wraps a secret text. From then on it is also masked wherever a program wrote it into its own log. */
export function secret(text: string): Secret {
	if (isUnmistakable(text) && known.size < maxKnown) known.add(text);
	const hidden = () => '•••';
	return {reveal: () => text, toJSON: hidden, toString: hidden};
}

/** The secrets met so far that can be told from other words, to mask them in texts from outside. */
export function knownSecrets(): ReadonlySet<string> {
	return known;
}
