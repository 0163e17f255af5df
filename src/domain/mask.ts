import {knownSecrets} from './secret.ts';

/** What stands for a secret that was found. */
export const mask = '•••';

// Bounded repetitions only: a line of 16,384 characters must not take longer than its length.
const userInfo = /(:\/\/[^\s:/@'"]{0,100}:)[^\s/'"]{1,300}@/g;
const secretWord =
	'(?<!by|com)pass(?:word|wd|phrase)?|pwd|secret|token|jwt|credentials?|(?:api|access|private|secret|auth)[-_ ]?key|requirepass|masterauth|session[-_]?(?:id|key)|signature|密码|口令|密钥|令牌';
const pair = new RegExp(
	`((?:${secretWord})(?:[-_.]?(?:key|hash|value|id))?\\\\?["']?(?:\\s{0,3}(?:=>?|[:：])\\s{0,3}))(\\\\?"(?:[^"\\\\]|\\\\[^"]){1,1000}\\\\?"|\\\\?'[^']{1,1000}'|[^\\s&;,'"(){}[\\]\\\\]{1,1000})`,
	'gi',
);
const header =
	/((?:authorization|x-api-key|(?:set-)?cookie)["']?\s{0,3}[:=]\s{0,3}["']?)(?:(?:bearer|basic|token|digest)\s{1,3})?[^\s"'][^"']{0,2000}/gi;
const scheme = /\b(bearer|basic)(\s{1,3})(?=[\w.~+/-]{0,200}[\d=])[\w.~+/=-]{8,4000}/gi;
const sqlPassword = /\b(password|identified by)(\s{1,3})(E?'(?:[^']|''){0,300}'?)/gi;
const knownTokens =
	/\beyJ[\w-]{8,4000}\.[\w-]{4,8000}(?:\.[\w-]{0,2000})?|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_\w{20,255}|\bglpat-[\w-]{20,64}|\bsk[-_][\w-]{20,200}|\bxox[abeprs]-[\w-]{10,200}/g;
const privateKey = /(-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----).*/gs;
/** Every text that one of the patterns above finds matches this; most texts do not, and are left alone. */
const suspicious =
	/:\/\/[^\s/]*@|pass|pwd|secret|token|jwt|credential|key|requirepass|masterauth|session|signature|auth|cookie|bearer|basic |identified|eyJ|AKIA|ASIA|gh[pousr]_|glpat-|sk[-_]|xox|密码|口令|密钥|令牌/i;

/** Keeps the quotes around a value, so that JSON stays JSON. */
function maskQuoted(value: string): string {
	const quote = /^\\?["']/.exec(value)?.[0] ?? '';
	return `${quote}${mask}${quote}`;
}

/**
 * Masks what looks like a secret in free text, above all in log lines: passwords in addresses, `password=x`,
 * `"token": "x"`, `PASSWORD 'x'` of SQL, authorisation headers and cookies, JSON Web Tokens, keys of AWS, GitHub, GitLab and Slack, private
 * keys, and every password that is known here. Costs a microsecond where there is nothing. Rather too much than too
 * little.
 */
export function maskText(text: string): string {
	return maskKnown(suspicious.test(text) ? maskPatterns(text) : text);
}

/** Passwords that this program itself was given, wherever a server wrote them. */
function maskKnown(text: string): string {
	let masked = text;
	for (const known of knownSecrets()) {
		if (masked.includes(known)) masked = masked.replaceAll(known, mask);
	}

	return masked;
}

function maskPatterns(text: string): string {
	return text
		.replace(userInfo, `$1${mask}@`)
		.replace(header, `$1${mask}`)
		.replace(pair, (_whole, name: string, value: string) => name + maskQuoted(value))
		.replace(sqlPassword, `$1$2'${mask}'`)
		.replace(scheme, `$1$2${mask}`)
		.replace(knownTokens, mask)
		.replace(privateKey, `$1${mask}`);
}

const secretName =
	/pass(?!enger)|pwd|secret|token|credential|private|apikey|bearer|signature|(^|[^a-z])(keys?|auth|dsn|salt|jwt|pin|pat|sig|cookies?)([^a-z]|$)|access.?key|api.?key|authorization|authentication|requirepass|masterauth|session([-_]?(id|key))?$/i;

/** Whether the name of a variable, field, parameter or label says that its value is a secret. */
export function isSecretName(name: string): boolean {
	return secretName.test(name);
}

/** The value of a variable as it may be shown. */
export function maskValue(name: string, value: string): {value: string; isMasked: boolean} {
	if (value !== '' && isSecretName(name)) return {value: mask, isMasked: true};
	const masked = maskCommand(value);
	return {value: masked, isMasked: masked !== value};
}

// `redis-cli -a x`, `mysql -px`, `curl -u user:x`, `sshpass -p x`: short options that mean a secret only for these.
const shortOptions: Readonly<Record<string, readonly string[]>> = {
	'redis-cli': ['-a'],
	'valkey-cli': ['-a'],
	mysql: ['-p'],
	mysqldump: ['-p'],
	mariadb: ['-p'],
	'mariadb-dump': ['-p'],
	mongosh: ['-p'],
	mongodump: ['-p'],
	sshpass: ['-p'],
	curl: ['-u', '-U'],
};

/** `name=value` with a secret name, as in a query or a connection string. */
function maskAssignments(text: string): string {
	return text.replace(
		/([?&;\s'"]|^)([\w.-]{1,100})=("[^"]*"|'[^']*'|[^&;\s'"]+)/g,
		(whole, before: string, name: string, value: string) =>
			isSecretName(name) ? `${before}${name}=${maskQuoted(value)}` : whole,
	);
}

/** The program's own name, without its folder. */
function programOf(argument: string): string {
	return argument.slice(argument.lastIndexOf('/') + 1);
}

/** Whether an option's value is a secret; `--password-file` names a file, which is none. */
function isSecretOption(argument: string): boolean {
	if (!/^-{0,2}[\w.-]+$/.test(argument)) return false;
	if (/(file|path|stdin|prompt|type|method|mode|ttl|expiry|env)$/i.test(argument)) return false;
	// redis-server writes its settings without dashes.
	const isOption = argument.startsWith('-') || /^(requirepass|masterauth)$/i.test(argument);
	return isOption && isSecretName(argument.replace(/^-+/, ''));
}

/**
 * Masks a command line in one text: as `maskArguments` for its words, which quotes and assignments hold together.
 * Blanks stay as they are.
 */
export function maskCommand(text: string): string {
	const masked = maskAssignments(maskText(text));
	const words = masked.match(commandWord) ?? [];
	const shown = words.length > 1 ? maskWords(words, maskInQuotes) : words.map(maskInQuotes);
	let at = 0;
	return masked.replace(commandWord, () => shown[at++] ?? '');
}

const commandWord = /(?:"[^"]*"|'[^']*'|[^\s"']|["'])+/g;

/** A command inside quotes: `sh -c 'redis-cli -a x'`. */
function maskInQuotes(word: string): string {
	const quote = word[0] ?? '';
	const isQuoted = word.length > 2 && /["']/.test(quote) && word.endsWith(quote);
	return isQuoted ? quote + maskCommand(word.slice(1, -1)) + quote : word;
}

function maskWords(words: readonly string[], within: (word: string) => string): readonly string[] {
	let short: readonly string[] = [];
	let isNextSecret = false;
	return words.map(word => {
		const isValue = isNextSecret && !(word.startsWith('--') && word.length > 2);
		isNextSecret = false;
		if (isValue) return mask;
		// The client may stand behind others: `docker exec db redis-cli -a x`.
		short = shortOptions[programOf(word)] ?? short;
		if (short.includes(word) || isSecretOption(word)) {
			isNextSecret = true;
			return word;
		}

		const glued = short.find(option => word.startsWith(option));
		return glued === undefined ? within(word) : `${glued}${mask}`;
	});
}

/**
 * Masks what looks like a secret in the arguments of a process: `--password x`, `--token=x`, `PGPASSWORD=x`,
 * passwords in addresses, authorisation headers and the short options of well-known clients. Any process may have
 * them, and everybody on the host can read them, but a screen is read by more.
 */
export function maskArguments(argv: readonly string[]): readonly string[] {
	return maskWords(argv, argument => {
		const assigned = /^([\w.-]+)=(.+)$/s.exec(argument)?.[1];
		if (assigned !== undefined && isSecretName(assigned)) return `${assigned}=${mask}`;
		return maskCommand(argument);
	});
}
