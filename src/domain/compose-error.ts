import {cleanLine} from './clean.ts';
import {maskText} from './mask.ts';

/** What Compose says about a configuration that it does not take. */
export type ComposeError = {
	readonly kind: 'syntax' | 'content' | 'variable' | 'missing-file' | 'other';
	readonly text: string;
	readonly line?: number;
};

/** Words of the Python program (1.29) and of the plug-in (compose-go, go-yaml). */
const kinds: readonly (readonly [ComposeError['kind'], RegExp])[] = [
	[
		'variable',
		/required variable|Missing mandatory value|invalid interpolation|Invalid interpolation format/i,
	],
	[
		'missing-file',
		/couldn't find env file|env file .{0,300}not found|no such file or directory|\.FileNotFoundError|no configuration file/i,
	],
	[
		'syntax',
		/(?:^|\s)yaml: |yaml\.(?:scanner|parser)\.|did not find expected|could not find expected|mapping values are not allowed|found character that cannot start|while (?:scanning|parsing) a/i,
	],
	[
		'content',
		/is invalid because|additional propert|unsupported config option|undefined (?:network|volume|service|secret|config)|must be a|contains an invalid type|neither an image nor a build|has neither|depends on undefined|validating /i,
	],
];

/**
 * Reads what a failed `config` wrote to standard error. Where it tells several lines, those that say most are kept; the
 * warnings about variables are left out.
 */
export function composeError(stderr: string): ComposeError {
	const lines = stderr
		.split('\n')
		.map(line => line.trim())
		.filter(line => line !== '' && !/variable is not set|^time=.{0,60}level=warning/.test(line));
	const whole = lines.join(' ');
	const kind = kinds.find(([, pattern]) => pattern.test(whole))?.[0] ?? 'other';
	const line = Number(/\bline (\d+)/.exec(whole)?.[1]);
	const text = cleanLine(maskText(whole.replace(/^ERROR: /, '')), 300);
	return {kind, text, ...(line > 0 && {line})};
}
