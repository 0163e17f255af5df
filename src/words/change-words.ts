import type {Words} from './words.ts';

/** What the headless commands around operations print. */
export const changeWords = {
	'dry-run': {en: 'Nothing was done: --dry-run.', zh: '未执行任何操作：--dry-run。'},
	started: {
		en: 'job {id}; it goes on without this terminal (opsconsole attach {id})',
		zh: '任务 {id}；关闭此终端后仍会继续（opsconsole attach {id}）',
	},
	step: {en: '{step}/{count} {title}', zh: '{step}/{count} {title}'},
	undoing: {en: 'taking back: {title}', zh: '正在撤销：{title}'},
	pace: {en: '{done}{total}{unit}{rate}{left}', zh: '{done}{total}{unit}{rate}{left}'},
	rate: {en: ', {rate}/s', zh: '，{rate}/s'},
	left: {en: ', about {time} left', zh: '，约剩 {time}'},
	done: {en: 'done and verified', zh: '已完成并验证'},
	warnings: {en: 'done, with warnings', zh: '已完成，但有警告'},
	undone: {en: 'failed; everything was taken back', zh: '失败；已全部撤销'},
	failed: {en: 'failed', zh: '失败'},
	cancelled: {en: 'cancelled; everything was taken back', zh: '已取消；已全部撤销'},
	manual: {en: 'FAILED, A PERSON MUST ACT', zh: '失败，需要人工处理'},
	refused: {en: 'refused; nothing was changed', zh: '已拒绝；未做任何改动'},
	starting: {en: 'starting', zh: '启动中'},
	running: {en: 'running', zh: '运行中'},
	unfinished: {
		en: 'UNFINISHED: opsconsole recover --op {id}',
		zh: '未结束：opsconsole recover --op {id}',
	},
	'no-jobs': {en: 'No operation has run here yet.', zh: '尚未运行过任何操作。'},
	'nothing-unfinished': {en: 'Nothing is unfinished.', zh: '没有未结束的操作。'},
	'recovered-forward': {en: '{id}: finished', zh: '{id}：已完成'},
	'recovered-back': {en: '{id}: taken back', zh: '{id}：已撤销'},
	'cancel-undo': {
		en: '{id}: asked to cancel; what was begun is taken back',
		zh: '{id}：已请求取消；已开始的操作将撤销',
	},
	'cancel-finish': {
		en: '{id}: past its commit point; it finishes and can be taken back afterwards',
		zh: '{id}：已过提交点；将先完成，之后可以撤销',
	},
	'audit-good': {
		en: '{count} entries, from {first} to {last}; the chain is whole',
		zh: '{count} 条记录，{first} 至 {last}；链条完整',
	},
	'audit-empty': {en: 'the audit is empty', zh: '审计记录为空'},
	'way-back': {en: 'way back: {how}', zh: '恢复方法：{how}'},
	'cancel-late': {
		en: 'cancelling came after the commit point: it was finished, not taken back',
		zh: '取消请求晚于提交点：已执行完毕，未撤销',
	},
	'terminal-open': {
		en: 'opened; its end is not known',
		zh: '已打开；何时结束未知',
	},
	'leave-shell': {
		en: 'Shell in {container}. exit or Ctrl-D: back to the console.',
		zh: '{container} 的 shell：输入 exit 或按 Ctrl-D 返回控制台。',
	},
	'leave-attached': {
		en: 'Attached to {container}; keys go to it. Ctrl-P Ctrl-Q: back to the console.',
		zh: '已附加到 {container}：所有按键（包括 Ctrl-C）都发给它。依次按 Ctrl-P、Ctrl-Q 返回控制台。',
	},
	'leave-output': {
		en: 'Output of {container}. Ctrl-C: back to the console, it goes on.',
		zh: '{container} 的输出：按 Ctrl-C 返回控制台，容器继续运行。',
	},
	'terminal-ended': {en: 'ended, exit status {status}', zh: '已结束，退出码 {status}'},
	time: {en: 'Time (UTC)', zh: '时间 (UTC)'},
	who: {en: 'Who', zh: '操作人'},
	what: {en: 'What', zh: '操作'},
	target: {en: 'Target', zh: '对象'},
	result: {en: 'Result', zh: '结果'},
	duration: {en: 'Duration', zh: '耗时'},
	evidence: {en: 'Evidence', zh: '记录'},
} as const satisfies Readonly<Record<string, Words>>;
