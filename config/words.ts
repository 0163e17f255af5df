import type {Words} from '../src/words/words.ts';

/** What is allowed at a key. The ids are also the messages of the schema, so that every error speaks both languages. */
export const expectations = {
	text: {en: 'a text', zh: '文本'},
	name: {
		en: 'a name of letters, digits, dots, dashes and underscores',
		zh: '由字母、数字、点、短横线和下划线组成的名称',
	},
	'secret-text': {
		en: 'a text, best as a reference such as ${POSTGRES_PASSWORD} or ${file:/path}; numbers need quotes',
		zh: '文本，最好写成引用，例如 ${POSTGRES_PASSWORD} 或 ${file:/path}；数字须加引号',
	},
	path: {en: 'an absolute path such as /var/log/app.log', zh: '绝对路径，例如 /var/log/app.log'},
	boolean: {en: 'true or false', zh: 'true 或 false'},
	port: {en: 'a port between 1 and 65535', zh: '1 到 65535 之间的端口'},
	status: {en: 'an HTTP status between 100 and 599', zh: '100 到 599 之间的 HTTP 状态码'},
	number: {en: 'a number of at least 0', zh: '不小于 0 的数字'},
	count: {en: 'a whole number between 1 and 1000000', zh: '1 到 1000000 之间的整数'},
	percent: {
		en: 'a percentage between 0 and 100 such as 80 or 80%',
		zh: '0 到 100 的百分比，例如 80 或 80%',
	},
	'cpu-percent': {
		en: 'a percentage such as 80 or 150% (100 is one core)',
		zh: '百分比，例如 80 或 150%（100 为一个核）',
	},
	state: {en: '1 (raise when it is so)', zh: '1（出现时告警）'},
	share: {en: 'a share between 0 and 0.5', zh: '0 到 0.5 之间的比例'},
	size: {en: 'a size such as 2GB or 512MiB', zh: '大小，例如 2GB 或 512MiB'},
	duration: {
		en: 'a duration such as 30s, 5m, 1h or 1d',
		zh: '时长，例如 30s、5m、1h 或 1d',
	},
	'duration-range': {
		en: 'a duration between {least} and {most}',
		zh: '{least} 到 {most} 之间的时长',
	},
	'duration-refresh': {en: 'a duration between 200ms and 1m', zh: '200ms 到 1m 之间的时长'},
	'duration-timeout': {en: 'a duration between 100ms and 1m', zh: '100ms 到 1m 之间的时长'},
	url: {
		en: 'an address that starts with http:// or https://',
		zh: '以 http:// 或 https:// 开头的地址',
	},
	'url-path': {en: 'a path that starts with /', zh: '以 / 开头的路径'},
	'mail-address': {
		en: 'a mail address such as ops@example.com',
		zh: '邮箱地址，例如 ops@example.com',
	},
	cron: {
		en: 'a schedule of five fields such as "0 2 * * *"',
		zh: '五个字段的计划，例如 "0 2 * * *"',
	},
	environment: {
		en: 'a map (kind, name) or one of production, staging, test, development, unknown',
		zh: '映射（kind、name），或 production、staging、test、development、unknown 之一',
	},
	threshold: {
		en: 'a map (warn, crit, for …), a list of such maps, or off',
		zh: '映射（warn、crit、for…）、这种映射的列表，或 off',
	},
	off: {en: 'off', zh: 'off'},
	map: {en: 'a map (key: value)', zh: '映射（key: value）'},
	list: {en: 'a list (lines that start with -)', zh: '列表（以 - 开头的行）'},
	'one-of': {en: 'one of {values}', zh: '以下之一：{values}'},
	key: {en: 'one of the keys {values}', zh: '以下键之一：{values}'},
	required: {en: 'a value for {name}', zh: '{name} 的值'},
	unique: {en: '{name} only once', zh: '{name} 只出现一次'},
	variable: {en: 'the environment variable {name} to be set', zh: '已设置的环境变量 {name}'},
	'readable-file': {en: 'a readable file {name} ({cause})', zh: '可读文件 {name}（{cause}）'},
	'filled-file': {en: 'a file {name} that is not empty', zh: '非空文件 {name}'},
	reference: {
		en: 'a reference ${NAME}, ${NAME:-default} or ${file:/path}; $${ for the text ${ itself',
		zh: '引用 ${NAME}、${NAME:-default} 或 ${file:/path}；要写 ${ 本身请用 $${',
	},
	yaml: {en: 'valid YAML ({cause})', zh: '合法的 YAML（{cause}）'},
	'plain-yaml': {en: 'YAML without {cause}', zh: '不含 {cause} 的 YAML'},
	'file-size': {en: 'at most {most} KiB', zh: '最多 {most} KiB'},
	'file-lines': {
		en: 'at most {most} lines and commas, {length} characters in a line',
		zh: '最多 {most} 行和 {most} 个逗号，每行最多 {length} 个字符',
	},
	depth: {en: 'at most {most} levels of nesting', zh: '最多 {most} 层嵌套'},
	'warn-before-crit': {
		en: 'warn {relation} crit (warn {warn}, crit {crit} from {from})',
		zh: 'warn {relation} crit（warn {warn}，crit {crit}，来自 {from}）',
	},
	'both-languages': {
		en: 'a text, or a map with en and zh',
		zh: '文本，或含 en 与 zh 的映射',
	},
	id: {
		en: 'a name of small letters, digits and dashes such as end-idle',
		zh: '由小写字母、数字和短横线组成的名称，例如 end-idle',
	},
	look: {
		en: 'a look such as postgres.activity (opsconsole runbook looks lists them)',
		zh: '查看项，例如 postgres.activity（opsconsole runbook looks 可列出）',
	},
	points: {en: 'a whole number from 1 to 5', zh: '1 到 5 的整数'},
	at: {
		en: 'a time such as 09:00, Mon 09:00 or 1 09:00',
		zh: '时间，例如 09:00、Mon 09:00 或 1 09:00',
	},
	'node-kind': {en: 'exactly one of {values}', zh: '恰好其中一项：{values}'},
	'node-there': {en: 'a node of this runbook, not {name}', zh: '本手册中的节点，而不是 {name}'},
	'node-reached': {en: 'another node to lead to {name}', zh: '有其他节点通向 {name}'},
	'node-ends': {en: 'a way from {name} to an end', zh: '从 {name} 到结束的路径'},
	'node-circle': {
		en: 'a question, an operation or a note on the way from {name} back to itself',
		zh: '从 {name} 回到自身的路径上有提问、操作或说明',
	},
	'node-looks-again': {
		en: 'a look after the operation {name} and before the end {end}',
		zh: '在操作 {name} 之后、结束 {end} 之前再次查看',
	},
	'look-before': {
		en: 'a look at {name} before this node on every way',
		zh: '此节点之前的每条路径都查看过 {name}',
	},
	'cause-there': {en: 'a cause of this runbook, not {name}', zh: '本手册中的原因，而不是 {name}'},
	'cause-ranked': {en: 'a rank that has {name}', zh: '有 rank 包含 {name}'},
	'look-here': {
		en: 'a look that can be had for a runbook on {subject}, not {name} (on {other})',
		zh: '以 {subject} 为对象的手册可用的查看项，而不是 {name}（对象 {other}）',
	},
	operation: {en: 'an operation that a runbook may name: {values}', zh: '手册可用的操作：{values}'},
	parameter: {en: 'a part of its request: {values}', zh: '其请求的组成部分：{values}'},
	'parameter-type': {en: 'a {type}', zh: '类型 {type}'},
	'place-known': {
		en: 'only places such as {postgres.activity.used} that a look has, not {name}',
		zh: '只含查看项中存在的占位，例如 {postgres.activity.used}，而不是 {name}',
	},
	'scope-part': {en: 'one of {values}', zh: '以下之一：{values}'},
	condition: {en: '{cause}', zh: '{cause}'},
	'file-name': {en: 'the name of the file, {name}', zh: '与文件名 {name} 相同'},
	runbook: {en: 'a runbook that exists, not {name}', zh: '存在的手册，而不是 {name}'},
	'only-ours': {
		en: 'a file that nobody else can change ({culprit} is open to others; {command})',
		zh: '只有本人能修改的文件（{culprit} 对他人开放；{command}）',
	},
	'one-of-ways': {en: 'exactly one of {values}', zh: '恰好其中一项：{values}'},
} as const satisfies Readonly<Record<string, Words>>;

export type Expectation = keyof typeof expectations;

/** The sentence of an error, by its kind; `got` and `nearest` are added to it. */
export const errorWords = {
	'unreadable-file': {en: 'expected {expected}', zh: '应为{expected}'},
	syntax: {en: 'expected {expected}', zh: '应为{expected}'},
	limit: {en: 'expected {expected}', zh: '应为{expected}'},
	'forbidden-key': {en: 'this key is not allowed', zh: '不允许使用这个键'},
	'duplicate-key': {en: 'this key is here twice', zh: '这个键出现了两次'},
	'unknown-key': {en: 'unknown key', zh: '未知的键'},
	'missing-key': {en: 'expected {expected}', zh: '缺少{expected}'},
	'invalid-value': {en: 'expected {expected}', zh: '应为{expected}'},
	'missing-reference': {en: 'expected {expected}', zh: '需要{expected}'},
	conflict: {en: 'expected {expected}', zh: '应为{expected}'},
	got: {en: 'got {got}', zh: '实际为 {got}'},
	nearest: {en: 'did you mean {nearest}?', zh: '是否想写 {nearest}？'},
} as const satisfies Readonly<Record<string, Words>>;

export type ErrorKind = Exclude<keyof typeof errorWords, 'got' | 'nearest'>;
