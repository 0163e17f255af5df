/** Steps and cards of schedules, and what is told about notices. */
export const schedulePhrases = {
	'title-schedule-install': {
		en: 'let this machine run {count} jobs by itself',
		zh: '让本机自动运行 {count} 个任务',
	},
	'title-schedule-install-any': {
		en: 'install the schedule of backups and checks',
		zh: '安装备份与检查的计划任务',
	},
	'title-schedule-remove': {
		en: 'remove the schedule of backups and checks',
		zh: '移除备份与检查的计划任务',
	},
	'step-schedule-write': {en: 'write the schedule: {jobs}', zh: '写入计划：{jobs}'},
	'step-schedule-place': {en: 'put {file} in place', zh: '放置 {file}'},
	'step-schedule-enable': {
		en: 'put the other units in place and start the timers',
		zh: '放置其余单元并启动定时器',
	},
	'step-schedule-check': {en: 'read the schedule back', zh: '读回计划进行核对'},
	'step-schedule-stop': {en: 'stop the timers', zh: '停止定时器'},
	'step-schedule-remove': {en: 'remove {file}', zh: '删除 {file}'},
	'step-schedule-remove-rest': {en: 'remove the other units', zh: '删除其余单元'},
	'schedule-stale': {en: 'no longer in the configuration', zh: '配置中已不存在'},
	'schedule-removed': {en: 'the schedule is removed', zh: '计划被移除'},
	'undo-schedule-install': {
		en: 'opsconsole schedule remove; what was there before is made again from the configuration of then',
		zh: 'opsconsole schedule remove；之前的计划可由当时的配置重新生成',
	},
	'undo-schedule-remove': {
		en: 'opsconsole schedule install',
		zh: 'opsconsole schedule install',
	},
	'warn-schedule-remove': {
		en: 'from then on nothing is backed up or verified unless somebody does it',
		zh: '此后除非有人手动执行，否则不再备份或校验',
	},
	'warn-notice': {
		en: 'nobody was told by {id}: {cause}',
		zh: '未能通过 {id} 通知：{cause}',
	},
	'note-notice': {en: 'told by {id}', zh: '已通过 {id} 通知'},
} as const;
