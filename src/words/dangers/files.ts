import type {DangerWords} from './danger.ts';

/** What commands for files, backups and versions would really do. */
export const filesDangers = {
	'age-only': {
		really: {
			en: 'deletes by age alone: after some nights without a new backup the last good one goes too; names that only look alike go with it.',
			zh: '只按时间删除：若连续几晚没有新备份，最后一份好备份也会被删；名字相似的文件一并删除。',
		},
		instead: {
			en: 'deletes only backups of its own catalogue, never the newest, the last proven or a pinned one, and nothing while the newest is doubtful',
			zh: '只删除自己目录中的备份，绝不删除最新的、最后验证过的或固定的；最新备份可疑时什么都不删',
		},
	},
	'logs-deleted': {
		really: {
			en: 'deletes audit and login records as well; a file that a program holds open keeps its space.',
			zh: '连审计和登录记录也删掉；仍被程序打开的文件不会释放空间。',
		},
		instead: {
			en: 'lists old rotated logs one by one with size and age; what is held open is left alone',
			zh: '逐个列出旧的轮转日志（大小、时间）；被打开的文件不动',
		},
	},
	'find-removes': {
		really: {
			en: 'deletes everything that fits the pattern, unlisted.',
			zh: '删除所有匹配的内容，事先不列出。',
		},
		instead: {
			en: 'lists each thing before it goes',
			zh: '删除前逐项列出',
		},
	},
	'removed-recursively': {
		really: {
			en: 'deletes a whole tree without asking; an empty variable or a stray blank makes it another tree.',
			zh: '不询问即删除整个目录树；变量为空或多一个空格就会删错目录。',
		},
		instead: {
			en: 'frees space item by item (images, cache, logs), each shown before',
			zh: '逐项释放空间（镜像、缓存、日志），每项事先显示',
		},
	},
	'open-to-all': {
		really: {
			en: 'lets every user and every container with that mount change the files, and programs in them.',
			zh: '任何用户以及挂载该目录的容器都能修改这些文件和其中的程序。',
		},
		instead: {
			en: 'give the one user that needs it the right: chown, or setfacl as `opsconsole doctor` prints it',
			zh: '只给需要的用户授权：chown，或用 `opsconsole doctor` 给出的 setfacl',
		},
	},
	'archive-open': {
		really: {
			en: 'an archive that everybody can read, secrets of .env included; relative names lose where the files belong; a changing log ends with exit 1.',
			zh: '任何人可读的归档（包括 .env 里的密钥）；相对路径丢失原位置；日志仍在写入时以 1 退出。',
		},
		instead: {
			en: 'takes the files with their place, owner and mode, hashes each, mode 0600',
			zh: '连同位置、属主和权限一起保存，逐个哈希，权限 0600',
		},
	},
	'unpacked-over-root': {
		really: {
			en: 'unpacks over the live system: follows links out of its folder, sets owners and modes; with relative names everything lands in / and the real files stay as they are.',
			zh: '直接覆盖线上系统：会跟随链接写到目录之外，并设置属主和权限；若为相对路径则全部落在 / 下，真正的文件未变。',
		},
		instead: {
			en: 'unpacks aside, shows the difference of each file, replaces each whole or not at all, and can go back',
			zh: '先解压到旁边，逐个显示差异，每个文件整体替换或不替换，并可撤回',
		},
	},
	'second-copy': {
		really: {
			en: 'needs room for both copies on the same disk; a full disk leaves both cut.',
			zh: '同一磁盘上需要两份空间；磁盘满时两份都残缺。',
		},
		instead: {
			en: 'compresses while it writes and checks the space before',
			zh: '边写边压缩，并事先检查空间',
		},
	},
	'check-says-nothing': {
		really: {
			en: 'a cut or empty dump passes gzip -t, and its messages go elsewhere than to this pipe: this line finds nothing.',
			zh: '残缺或空的转储也能通过 gzip -t，且其信息不进入该管道：这一行什么也查不出。',
		},
		instead: {
			en: 'reads the backup in full, restores it elsewhere and compares every table',
			zh: '完整读取备份，在别处恢复并逐表比对',
		},
	},
	'time-never-shown': {
		really: {
			en: '%T needs a letter after it (%T@): no time is printed, the age is never known.',
			zh: '%T 后面必须有字母（%T@）：不会输出时间，永远得不到备份的年龄。',
		},
		instead: {
			en: 'panel 6 and `opsconsole backups` show the age of the newest of every series',
			zh: '面板 6 和 `opsconsole backups` 显示每个系列最新备份的年龄',
		},
	},
	'newest-guessed': {
		really: {
			en: 'shows whatever was changed last: a file that is still being written, another kind, a folder.',
			zh: '显示最后变动的任何东西：可能是正在写入的文件、别的类型或目录。',
		},
		instead: {
			en: 'panel 6 and `opsconsole backups` list complete backups with their proof',
			zh: '面板 6 和 `opsconsole backups` 列出完整的备份及其验证状态',
		},
	},
	'predictable-file': {
		really: {
			en: 'anybody can put a link at that name before, and what is written goes where it points.',
			zh: '任何人都能事先在该名字放一个链接，写入的内容就会到链接指向的位置。',
		},
		instead: {
			en: 'works in folders of its own with mode 0700',
			zh: '只在自己的 0700 目录中工作',
		},
	},
	'history-lost': {
		really: {
			en: 'throws away local changes or the history of everybody for good.',
			zh: '永久丢弃本地改动或所有人的历史。',
		},
		instead: {
			en: 'back up the configuration files first; git revert keeps history',
			zh: '先备份配置文件；git revert 会保留历史',
		},
	},
	'tree-switched': {
		really: {
			en: 'changes the files under running services, compose file and mounts too; local changes are hidden or lost, and nothing is deployed by it.',
			zh: '改变运行中服务所用的文件（包括 compose 文件和挂载）；本地改动被隐藏或丢失，而且并未因此部署。',
		},
		instead: {
			en: 'back up the configuration first; then renew single services, which shows what differs',
			zh: '先备份配置；再逐个重建服务，会显示差异',
		},
	},
	'compose-edited-blindly': {
		really: {
			en: 'replaces nothing where the line looks different, and then the old version is deployed as new; a / in the version breaks it, a line break adds settings.',
			zh: '若该行写法不同则什么也没替换，旧版本会被当作新版本部署；版本号中的 / 会使其出错，换行符可注入配置。',
		},
		instead: {
			en: 'recreate shows which image and settings would change, and checks the running image afterwards',
			zh: 'recreate 显示将改变的镜像和配置，之后核对实际运行的镜像',
		},
	},
	'script-of-this-handbook': {
		really: {
			en: 'runs the script of lines {lines} of this handbook, which is marked there; its result is not looked at.',
			zh: '运行本手册第 {lines} 行的脚本，其中的问题已在该处标注；其结果没有被检查。',
		},
		instead: {en: 'see there', zh: '见该处'},
	},
	'date-only-name': {
		really: {
			en: 'the second run of a day overwrites the first.',
			zh: '同一天的第二次执行会覆盖第一次。',
		},
		instead: {
			en: 'names every backup by time and run',
			zh: '每份备份按时间和批次命名',
		},
	},
} as const satisfies DangerWords;
