import type {ProblemWords} from './words.ts';

/** What can go wrong with config: what failed, and what to do next. */
export const configProblems = {
	'config-invalid': {
		en: {
			summary: 'the configuration has {count} mistakes; first: {first}',
			hint: 'Mend the file; until then the last good configuration stays in force.',
		},
		zh: {
			summary: '配置有 {count} 处错误；第一处：{first}',
			hint: '请修正该文件；在此之前继续使用上一次正确的配置。',
		},
	},
	'config-writable-by-others': {
		en: {
			summary: '{file} can be changed by others, because of {culprit}',
			hint: 'opsconsole runs read-only; run `{command}` and start it again.',
		},
		zh: {
			summary: '{file} 可被其他用户修改，原因在于 {culprit}',
			hint: 'opsconsole 以只读方式运行；请执行 `{command}` 后重新启动。',
		},
	},
	'config-foreign-file': {
		en: {
			summary: '{file} belongs to another user and was not read',
			hint: 'If you trust it, name it with `--config {file}`, or run `{command}`.',
		},
		zh: {
			summary: '{file} 属于其他用户，未读取',
			hint: '如果信任它，请用 `--config {file}` 指定，或执行 `{command}`。',
		},
	},
	'config-unreadable-file': {
		en: {
			summary: '{file} cannot be read: {cause}',
			hint: 'It was left out; check it with `ls -l {file}`.',
		},
		zh: {
			summary: '无法读取 {file}：{cause}',
			hint: '已忽略该文件；请用 `ls -l {file}` 检查。',
		},
	},
	'config-secret-readable': {
		en: {
			summary: 'the secret file {file} can be read by others (mode {mode})',
			hint: 'opsconsole runs read-only; run `chmod 600 {file}` and start it again.',
		},
		zh: {
			summary: '密码文件 {file} 可被其他用户读取（权限 {mode}）',
			hint: 'opsconsole 以只读方式运行；请执行 `chmod 600 {file}` 后重新启动。',
		},
	},
	'config-secret-in-file': {
		en: {
			summary: '{place} holds a password as plain text in a file that others can read',
			hint: 'Move it to a file of mode 0600 and name that with password_file, or run `chmod 600 {file}`.',
		},
		zh: {
			summary: '{place} 以明文保存密码，且该文件可被其他用户读取',
			hint: '请将密码移到权限为 0600 的文件并用 password_file 指定，或执行 `chmod 600 {file}`。',
		},
	},
	'config-stray-variable': {
		en: {
			summary: 'the environment variable {name} sets nothing',
			hint: 'Did you mean {nearest}? `opsconsole --help` lists all of them.',
		},
		zh: {
			summary: '环境变量 {name} 不起任何作用',
			hint: '是否想写 {nearest}？`opsconsole --help` 列出了全部变量。',
		},
	},
} as const satisfies Readonly<Record<string, ProblemWords>>;
