import type {ProblemWords} from './words.ts';

/** Why a service is not touched, or what is wrong with it afterwards. */
export const serviceProblems = {
	'service-request': {
		en: {
			summary: 'the request is not understood: {what}',
			hint: 'Name services as `project/service`, or `--all`; see opsconsole service --help',
		},
		zh: {
			summary: '无法理解该请求：{what}',
			hint: '请以 `project/service` 指定服务，或使用 `--all`；参见 opsconsole service --help',
		},
	},
	'service-unknown': {
		en: {
			summary: 'there is no service called {name}',
			hint: 'These are here: {known}. One without a container is made where the Compose file of others of its project names it and can be read; otherwise by `docker compose up -d`.',
		},
		zh: {
			summary: '没有名为 {name} 的服务',
			hint: '现有服务：{known}。没有容器的服务，若同项目其他容器的 Compose 文件可读且写有它，会按文件创建；否则请用 `docker compose up -d`。',
		},
	},
	'service-ambiguous': {
		en: {
			summary: '{name} can mean several: {meant}',
			hint: 'Write the full name, as project/service, or name the project.',
		},
		zh: {
			summary: '{name} 可能指多个：{meant}',
			hint: '请写完整名称（project/service），或指定项目。',
		},
	},
	'service-too-many': {
		en: {
			summary: '{count} containers are more than one run takes ({limit})',
			hint: 'Name some of the services and go on with the others afterwards.',
		},
		zh: {summary: '{count} 个容器超出单次上限（{limit}）', hint: '请分批指定服务。'},
	},
	'service-gone': {
		en: {
			summary: 'the container {name} is gone',
			hint: 'It was removed or replaced meanwhile; look at the list again and choose anew.',
		},
		zh: {summary: '容器 {name} 已不存在', hint: '它已被删除或替换；请刷新列表后重新选择。'},
	},
	'service-removing': {
		en: {
			summary: '{name} is being removed or is broken (state {state})',
			hint: 'Wait until it is gone and create it anew: docker compose up -d',
		},
		zh: {
			summary: '{name} 正在被删除或已损坏（状态 {state}）',
			hint: '请等待其消失后重新创建：docker compose up -d',
		},
	},
	'service-runtime': {
		en: {
			summary: '{name} is run by {runtime}, which opsconsole does not operate',
			hint: 'Do it yourself: {command}',
		},
		zh: {
			summary: '{name} 由 {runtime} 运行，opsconsole 不对其进行操作',
			hint: '请自行执行：{command}',
		},
	},
	'service-not-compose': {
		en: {
			summary: '{name} is not a service of Compose',
			hint: 'Only services of a Compose project can be recreated and scaled; restart it instead.',
		},
		zh: {
			summary: '{name} 不是 Compose 服务',
			hint: '只有 Compose 项目的服务可以重建和扩缩；请改用重启。',
		},
	},
	'service-paused': {
		en: {summary: '{name} is paused', hint: 'Let it go on first: opsconsole service start {name}'},
		zh: {summary: '{name} 已暂停', hint: '请先恢复运行：opsconsole service start {name}'},
	},
	'service-none-running': {
		en: {
			summary: '{names}: nothing of it runs',
			hint: 'Start it: opsconsole service start {names}',
		},
		zh: {summary: '{names}：没有正在运行的容器', hint: '请启动：opsconsole service start {names}'},
	},
	'service-runs-already': {
		en: {
			summary: '{names}: everything runs already',
			hint: 'To start it anew: opsconsole service restart {names}',
		},
		zh: {
			summary: '{names}：全部已在运行',
			hint: '如需重新启动：opsconsole service restart {names}',
		},
	},
	'service-refused': {
		en: {
			summary: 'the Docker engine refused {name}: {said}',
			hint: 'Nothing was changed on it; correct the cause and try again.',
		},
		zh: {
			summary: 'Docker 引擎拒绝了对 {name} 的操作：{said}',
			hint: '未对其做任何更改；请排除原因后重试。',
		},
	},
	'service-compose-missing': {
		en: {
			summary: 'project {project} was made by Compose v{generation}, which is not installed here',
			hint: 'Install that generation (v1: docker-compose, v2: the plug-in docker compose); another one would replace every container.',
		},
		zh: {
			summary: '项目 {project} 由 Compose v{generation} 创建，而此处未安装',
			hint: '请安装该版本（v1：docker-compose；v2：docker compose 插件）；其他版本会替换所有容器。',
		},
	},
	'service-files-gone': {
		en: {
			summary: 'the Compose files of {project} are not here: {what}',
			hint: 'Put them back where the project was started, or run opsconsole on the host that has them.',
		},
		zh: {
			summary: '此处没有 {project} 的 Compose 文件：{what}',
			hint: '请将其放回启动项目时的位置，或在拥有这些文件的主机上运行 opsconsole。',
		},
	},
	'service-variable-unset': {
		en: {
			summary: 'the Compose files of {project} use variables that nobody sets: {variables}',
			hint: 'Write them into the .env file of the project; without them the service would get empty values.',
		},
		zh: {
			summary: '{project} 的 Compose 文件使用了未设置的变量：{variables}',
			hint: '请将其写入项目的 .env 文件；否则服务会得到空值。',
		},
	},
	'service-compose-variable': {
		en: {
			summary: 'the Compose files of {project} need a variable that is missing or wrong: {cause}',
			hint: 'Write it into the .env file of the project, or set it where opsconsole is started; the file itself may be right.',
		},
		zh: {
			summary: '{project} 的 Compose 文件所需的变量缺失或有误：{cause}',
			hint: '请写入项目的 .env 文件，或在启动 opsconsole 的环境中设置；文件本身可能没有问题。',
		},
	},
	'service-compose-failed': {
		en: {
			summary: 'Compose cannot read the configuration of {project}: {cause}',
			hint: 'Correct the file and check it: docker compose config --quiet',
		},
		zh: {
			summary: 'Compose 无法读取 {project} 的配置：{cause}',
			hint: '请更正文件并检查：docker compose config --quiet',
		},
	},
	'service-not-in-file': {
		en: {
			summary: '{name} is no longer in the Compose files ({files})',
			hint: 'Put it back into the file, or stop it: opsconsole service stop {name}',
		},
		zh: {
			summary: 'Compose 文件中已没有 {name}（{files}）',
			hint: '请将其放回文件，或停止它：opsconsole service stop {name}',
		},
	},
	'service-unchanged': {
		en: {
			summary: '{names}: neither configuration nor image has changed',
			hint: 'There is nothing to recreate; to start anew: opsconsole service restart {names}',
		},
		zh: {
			summary: '{names}：配置和镜像均未变更',
			hint: '无需重建；如需重新启动：opsconsole service restart {names}',
		},
	},
	'service-file-changed': {
		en: {
			summary: 'the configuration of {name} has changed since the plan was made',
			hint: 'Look at what changes now and confirm again.',
		},
		zh: {summary: '制定计划后 {name} 的配置又有变更', hint: '请查看当前变更后重新确认。'},
	},
	'service-image-missing': {
		en: {
			summary: 'the image {image} of {name} is not on this host',
			hint: 'Pull or build it first, so that the outage stays short: docker pull {image}',
		},
		zh: {
			summary: '本机没有 {name} 的镜像 {image}',
			hint: '请先拉取或构建，以缩短中断时间：docker pull {image}',
		},
	},
	'service-up-failed': {
		en: {
			summary: 'Compose failed for {name} (status {exitCode}): {cause}',
			hint: 'The cause is in its words; the run’s folder has what the service said before.',
		},
		zh: {
			summary: 'Compose 处理 {name} 失败（状态 {exitCode}）：{cause}',
			hint: '原因见其输出；操作前的服务日志保存在该次运行的目录中。',
		},
	},
	'service-not-recreated': {
		en: {
			summary: '{name} is not of the planned configuration (containers: {count} of {wanted})',
			hint: 'Look who else works on the project: docker events; then recreate again.',
		},
		zh: {
			summary: '{name} 与计划的配置不符（{count}/{wanted} 个容器）',
			hint: '请查看是否有他人在操作该项目：docker events；然后再次重建。',
		},
	},
	'service-scale-same': {
		en: {
			summary: '{name} has that many containers already: {count}',
			hint: 'Nothing is to be done.',
		},
		zh: {summary: '{name} 已有 {count} 个容器', hint: '无需操作。'},
	},
	'service-scale-data': {
		en: {
			summary: '{name} is a database ({kind}): several containers on the same data destroy it',
			hint: 'Scale it up instead (memory, CPU), or set up replication.',
		},
		zh: {
			summary: '{name} 是数据库（{kind}）：多个容器共用同一数据会将其损坏',
			hint: '请改为纵向扩容（内存、CPU），或配置复制。',
		},
	},
	'service-scale-name': {
		en: {
			summary: '{name} has the fixed container name {container}, which only one container can have',
			hint: 'Remove `container_name` from the Compose file, recreate, then scale.',
		},
		zh: {
			summary: '{name} 使用固定容器名 {container}，只能有一个容器',
			hint: '请从 Compose 文件中删除 `container_name`，重建后再扩缩。',
		},
	},
	'service-scale-port': {
		en: {
			summary: '{name} publishes the fixed host port {port}, which only one container can have',
			hint: 'Publish a range of ports or none (with a proxy in front), recreate, then scale.',
		},
		zh: {
			summary: '{name} 发布固定主机端口 {port}，只能由一个容器使用',
			hint: '请改为发布端口范围或不发布（前置代理），重建后再扩缩。',
		},
	},
	'service-scale-count': {
		en: {
			summary: '{name}: containers: {count} instead of {wanted}',
			hint: 'Look who else works on the project: docker events; then scale again.',
		},
		zh: {
			summary: '{name} 有 {count} 个容器，应为 {wanted} 个',
			hint: '请查看是否有他人在操作该项目：docker events；然后再次调整。',
		},
	},
	'service-redis-unsaved': {
		en: {
			summary: 'Redis could not save its data, so it was not ended ({cause})',
			hint: 'Its log has the cause, usually a full disk or a folder that cannot be written.',
		},
		zh: {
			summary: 'Redis 无法保存数据，因此未停止（{cause}）',
			hint: '原因见其日志，通常是磁盘已满或目录不可写。',
		},
	},
	'service-exited': {
		en: {
			summary: '{name} ended again with status {exitCode} after {seconds} s ({said})',
			hint: 'Its last lines are in the log of this job; correct the cause, then start it.',
		},
		zh: {
			summary: '{name} 在 {seconds} 秒后又结束了，状态 {exitCode}（{said}）',
			hint: '其最后的日志在本任务的记录中；请排除原因后启动。',
		},
	},
	'service-out-of-memory': {
		en: {
			summary: '{name} was killed for lack of memory (status {exitCode})',
			hint: 'Raise its memory limit or find what takes the memory: docker stats',
		},
		zh: {
			summary: '{name} 因内存不足被终止（状态 {exitCode}）',
			hint: '请提高其内存限制，或查找占用内存的原因：docker stats',
		},
	},
	'service-restarted': {
		en: {
			summary:
				'{name} crashes and is started over and over ({restarts} times, last status {exitCode})',
			hint: 'Its last lines are in the log of this job; stop it while you look for the cause.',
		},
		zh: {
			summary: '{name} 反复崩溃并重启（{restarts} 次，最近状态 {exitCode}）',
			hint: '其最后的日志在本任务的记录中；排查期间可先停止它。',
		},
	},
	'service-unhealthy': {
		en: {
			summary: '{name} runs but is unhealthy after {seconds} s: {said}',
			hint: 'Its last lines are in the log of this job; see what its health check asks for.',
		},
		zh: {
			summary: '{name} 在运行，但 {seconds} 秒后仍不健康：{said}',
			hint: '其最后的日志在本任务的记录中；请查看健康检查的内容。',
		},
	},
	'service-never-running': {
		en: {
			summary: '{name} did not run steadily within {seconds} s ({said})',
			hint: 'Its last lines are in the log of this job.',
		},
		zh: {
			summary: '{name} 在 {seconds} 秒内未能稳定运行（{said}）',
			hint: '其最后的日志在本任务的记录中。',
		},
	},
	'service-never-healthy': {
		en: {
			summary: '{name} did not become healthy within {seconds} s: {said}',
			hint: 'Its last lines are in the log of this job; a slow start needs a longer `start_period`.',
		},
		zh: {
			summary: '{name} 在 {seconds} 秒内未变为健康：{said}',
			hint: '其最后的日志在本任务的记录中；启动较慢时请加长 `start_period`。',
		},
	},
	'service-never-answered': {
		en: {
			summary: '{name} runs but its address did not answer within {seconds} s',
			hint: 'Its last lines are in the log of this job; check port, address and what it depends on.',
		},
		zh: {
			summary: '{name} 在运行，但其地址在 {seconds} 秒内没有响应',
			hint: '其最后的日志在本任务的记录中；请检查端口、地址及其依赖。',
		},
	},
	'service-still-runs': {
		en: {
			summary: '{name} still runs (state {state})',
			hint: 'It does not obey the signal; stop it, which kills it after its grace time.',
		},
		zh: {
			summary: '{name} 仍在运行（状态 {state}）',
			hint: '它未响应信号；请使用停止操作，超时后会强制终止。',
		},
	},
	'service-port-held': {
		en: {
			summary: '{name} has ended, but somebody still listens on its port {port}',
			hint: 'See who: ss -ltnp "sport = :{port}"',
		},
		zh: {
			summary: '{name} 已结束，但端口 {port} 仍被占用',
			hint: '查看占用者：ss -ltnp "sport = :{port}"',
		},
	},
	'service-left-broken': {
		en: {
			summary: '{name} ran before and does not now (state {state})',
			hint: 'A person must look: docker logs --tail 100 {name}; the evidence from before is in the run’s folder.',
		},
		zh: {
			summary: '{name} 之前正常，现在不正常（状态 {state}）',
			hint: '需要人工处理：docker logs --tail 100 {name}；操作前的证据在该次运行的目录中。',
		},
	},
} as const satisfies Readonly<Record<string, ProblemWords>>;
