import type {ProblemWords} from './words.ts';

/** What can go wrong with host: what failed, and what to do next. */
export const hostProblems = {
	'host-unreadable': {
		en: {
			summary: 'the load of this host could not be read: {cause}',
			hint: 'On Linux, check that /proc is mounted (`mount | grep proc`); elsewhere run `opsconsole doctor`.',
		},
		zh: {
			summary: '无法读取本机负载：{cause}',
			hint: '在 Linux 上请检查 /proc 是否已挂载（`mount | grep proc`）；其他系统请运行 `opsconsole doctor`。',
		},
	},
	'host-no-processes': {
		en: {
			summary: 'the list of processes needs /proc, which this system does not have',
			hint: 'Use `top` here; the list works on Linux.',
		},
		zh: {
			summary: '进程列表需要 /proc，而本系统没有',
			hint: '请在此系统上使用 `top`；进程列表仅支持 Linux。',
		},
	},
} as const satisfies Readonly<Record<string, ProblemWords>>;
