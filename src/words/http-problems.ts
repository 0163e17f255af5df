import type {ProblemWords} from './words.ts';

/** What can go wrong with http: what failed, and what to do next. */
export const httpProblems = {
	'http-failed': {
		en: {
			summary: '{url} cannot be reached ({cause})',
			hint: 'Check that the service runs and that the address is right: curl -i {url}',
		},
		zh: {
			summary: '无法访问 {url}（{cause}）',
			hint: '请确认服务正在运行且地址正确：curl -i {url}',
		},
	},
	'http-bad-address': {
		en: {
			summary: '{url} is not an http or https address',
			hint: 'Write the address of this endpoint in full, as in http://127.0.0.1:8000/health',
		},
		zh: {
			summary: '{url} 不是 http 或 https 地址',
			hint: '请写出完整的端点地址，例如 http://127.0.0.1:8000/health',
		},
	},
} as const satisfies Readonly<Record<string, ProblemWords>>;
