/** Sentences of the operations on files, logs, images and caches. */
export const filesPhrases = {
	'title-backup-files': {en: 'back up configuration and files', zh: '备份配置与文件'},
	'title-restore-files': {en: 'restore configuration and files', zh: '恢复配置与文件'},
	'title-backup-logs': {en: 'archive logs', zh: '归档日志'},
	'title-clean-images': {en: 'delete unused images', zh: '删除未使用的镜像'},
	'title-clean-build-cache': {en: 'delete unused build cache', zh: '删除未使用的构建缓存'},
	'title-clean-logs': {en: 'delete old log files', zh: '删除旧日志文件'},
	'op-backup-files': {
		en: 'back up {count} files of {set} ({bytes})',
		zh: '备份 {set} 的 {count} 个文件（{bytes}）',
	},
	'op-restore-files': {
		en: 'restore {count} files of {set} from {backup}',
		zh: '从 {backup} 恢复 {set} 的 {count} 个文件',
	},
	'op-backup-logs': {
		en: 'archive {count} logs of the last {days} days',
		zh: '归档 {count} 份最近 {days} 天的日志',
	},
	'op-clean-images': {
		en: 'delete {count} unused images ({bytes})',
		zh: '删除 {count} 个未使用的镜像（{bytes}）',
	},
	'op-clean-build-cache': {
		en: 'delete {count} unused records of the build cache ({bytes})',
		zh: '删除 {count} 条未使用的构建缓存记录（{bytes}）',
	},
	'why-cache-unused': {
		en: 'last used {days} days ago; no image and no build needs it',
		zh: '{days} 天前最后使用；没有镜像或构建需要它',
	},
	'warn-cache-left': {
		en: '{count} more records are unused; one run takes {limit}, so run it again',
		zh: '还有 {count} 条未使用的记录；每次最多 {limit} 条，请再次运行',
	},
	'note-cache-stays': {
		en: '{name} stays: it is used again, or gone already',
		zh: '{name} 保留：已再次被使用，或已不存在',
	},
	'undo-clean-build-cache': {
		en: 'the next build makes it again and takes longer',
		zh: '下次构建会重新生成，耗时更长',
	},
	'op-clean-logs': {
		en: 'delete {count} log files older than {days} days ({bytes})',
		zh: '删除 {count} 个超过 {days} 天的日志文件（{bytes}）',
	},
	'step-files-archive': {
		en: 'write the archive of {folder} and read it again',
		zh: '写入 {folder} 的归档并重新读取校验',
	},
	'step-files-read': {
		en: 'read every file of the archive and compare its hash',
		zh: '读取归档中的每个文件并比对哈希',
	},
	'step-files-stage': {
		en: 'unpack into a private folder beside the files, with a copy of what is there now',
		zh: '解包到文件旁的私有目录，并保留现有文件的副本',
	},
	'step-files-validate': {en: 'check the unpacked files', zh: '校验解包后的文件'},
	'step-files-swap': {
		en: 'replace {changed} and add {added} files, one by one; put all back if one fails',
		zh: '逐个替换 {changed} 个、新增 {added} 个文件；任一失败则全部还原',
	},
	'step-files-clean': {en: 'remove the private folder', zh: '删除私有目录'},
	'step-logs-collect': {
		en: 'collect the lines of the period, compressed',
		zh: '收集该时段的日志并压缩',
	},
	'step-logs-read': {
		en: 'unpack every log and compare its hash',
		zh: '解压每份日志并比对哈希',
	},
	'step-clean-one-by-one': {
		en: 'delete them one by one, each only if it is still unused',
		zh: '逐个删除，删除前再次确认未被使用',
	},
	'undo-restore-files': {
		en: 'restore the safety backup {backup}, which is made first; added files are listed in it',
		zh: '恢复事先创建的安全备份 {backup}；其中列出了新增的文件',
	},
	'undo-clean-images': {
		en: 'deleted images must be pulled or built again',
		zh: '删除的镜像需要重新拉取或构建',
	},
	'undo-clean-logs': {en: 'deleted log files do not come back', zh: '删除的日志文件无法恢复'},
	'files-diff': {
		en: '{path}: {what}, +{added} -{removed} lines',
		zh: '{path}：{what}，+{added} -{removed} 行',
	},
	'files-diff-line': {en: '{line}', zh: '{line}'},
	'files-affected': {
		en: 'these services read the restored files and take them over when they are recreated: {services}',
		zh: '以下服务读取恢复的文件，重新创建后生效：{services}',
	},
	'files-extra': {
		en: '{count} files are here and not in the backup; they stay: {sample}',
		zh: '{count} 个文件不在备份中，予以保留：{sample}',
	},
	'files-link-differs': {
		en: 'the link {path} is not as in the backup (to {link}); links are not changed',
		zh: '链接 {path} 与备份不同（指向 {link}）；不会修改链接',
	},
	'files-special': {
		en: '{count} sockets, pipes or devices are left out: {sample}',
		zh: '跳过 {count} 个套接字、管道或设备：{sample}',
	},
	'files-large': {
		en: '{count} files are larger than {limit} and left out: {sample}',
		zh: '跳过 {count} 个超过 {limit} 的文件：{sample}',
	},
	'files-grew': {
		en: '{path} grew while it was read; it is kept as it was at the start',
		zh: '{path} 在读取时增长；保存的是开始时的内容',
	},
	'files-not-yours': {
		en: 'the backup was made on {host} in {environment}',
		zh: '该备份创建于 {host}，环境 {environment}',
	},
	'logs-cut': {
		en: 'the log of {name} is longer than {limit}; the oldest lines of the period are left out',
		zh: '{name} 的日志超过 {limit}；该时段最早的行被省略',
	},
	'logs-left-out': {
		en: 'the log of {name} is left out: {cause}',
		zh: '跳过 {name} 的日志：{cause}',
	},
	'why-image-dangling': {en: 'has no name, no container uses it', zh: '没有名称，且没有容器使用'},
	'why-image-unused': {
		en: '{name}: made {days} days ago, no container uses it',
		zh: '{name}：创建于 {days} 天前，没有容器使用',
	},
	'why-log': {en: 'last written {days} days ago', zh: '最近写入于 {days} 天前'},
	'warn-system-logs': {
		en: 'system logs are never deleted here; let their own service do it: {advice}',
		zh: '此处绝不删除系统日志；请由其自身服务清理：{advice}',
	},
	'warn-images-kept': {
		en: '{count} unused images are kept for a rollback of running services: {sample}',
		zh: '为运行中服务的回滚保留 {count} 个未使用的镜像：{sample}',
	},
	'note-deleted': {en: 'deleted {name} ({bytes})', zh: '已删除 {name}（{bytes}）'},
} as const;
