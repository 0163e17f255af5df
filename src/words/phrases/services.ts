import type {Words} from '../words.ts';

/** Sentences of plans and jobs about services. */
export const servicePhrases = {
	'service-title-start': {en: 'start services', zh: '启动服务'},
	'service-title-stop': {en: 'stop services', zh: '停止服务'},
	'service-title-restart': {en: 'restart services', zh: '重启服务'},
	'service-title-restart-all': {en: 'restart everything of a project', zh: '重启项目的全部服务'},
	'service-title-kill': {en: 'send a signal to services', zh: '向服务发送信号'},
	'service-title-recreate': {
		en: 'recreate services with their changed configuration',
		zh: '按变更后的配置重建服务',
	},
	'service-title-scale': {en: 'scale a service', zh: '调整服务的实例数'},
	'service-plan-start': {en: 'start {names}', zh: '启动 {names}'},
	'service-plan-create': {
		en: 'make the container of {name} anew from its Compose file',
		zh: '按 Compose 文件重新创建 {name} 的容器',
	},
	'service-plan-stop': {en: 'stop {names}', zh: '停止 {names}'},
	'service-plan-restart': {en: 'restart {names}', zh: '重启 {names}'},
	'service-plan-restart-all': {
		en: 'restart everything of {project}: {count} services, one container at a time',
		zh: '重启 {project} 的全部 {count} 个服务，每次一个容器',
	},
	'service-plan-kill': {en: 'send {signal} to {names}', zh: '向 {names} 发送 {signal}'},
	'service-plan-recreate': {
		en: 'recreate {names} with the changed configuration',
		zh: '按变更后的配置重建 {names}',
	},
	'service-plan-scale': {
		en: 'scale {name} from {before} to {count}',
		zh: '将 {name} 从 {before} 个实例调整为 {count} 个',
	},
	'service-step-evidence': {
		en: 'keep state, load, processes, sessions and last log lines (containers: {count})',
		zh: '保存 {count} 个容器的状态、负载、进程、会话和最近日志',
	},
	'service-step-save': {en: 'let databases write down their data', zh: '让数据库落盘'},
	'service-step-unpause': {en: 'let {name} go on, which is paused', zh: '恢复已暂停的 {name}'},
	'service-step-start': {en: 'start {name}', zh: '启动 {name}'},
	'service-step-create': {
		en: 'make and start {name} (configuration {hash}, image {image}, containers: {count})',
		zh: '创建并启动 {name}（配置 {hash}，镜像 {image}，{count} 个容器）',
	},
	'service-step-stop': {en: 'stop {name}', zh: '停止 {name}'},
	'service-step-restart': {en: 'restart {name}', zh: '重启 {name}'},
	'service-step-kill': {en: 'send the signal to {name}', zh: '向 {name} 发送信号'},
	'service-step-recreate': {
		en: 'recreate {name} (configuration {hash}, image {image}, containers: {count})',
		zh: '重建 {name}（配置 {hash}，镜像 {image}，{count} 个容器）',
	},
	'service-step-scale': {
		en: 'set the number of containers of {name} to {count}',
		zh: '将 {name} 调整为 {count} 个容器',
	},
	'service-step-prove': {en: 'see that {name} works', zh: '确认 {name} 正常工作'},
	'service-step-prove-job': {
		en: 'see that {name} works or ends with status 0',
		zh: '确认 {name} 正常工作或以状态 0 结束',
	},
	'service-step-prove-ended': {
		en: 'see that {name} has ended and its ports are free',
		zh: '确认 {name} 已结束且端口已释放',
	},
	'service-step-prove-scale': {
		en: 'see that all {count} containers of {name} work',
		zh: '确认 {name} 的 {count} 个容器全部正常工作',
	},
	'service-outage-restart': {
		en: 'two seconds and the first health check; ending it takes at most {seconds} s',
		zh: '两秒加首次健康检查；停止最多需要 {seconds} 秒',
	},
	'service-outage-stop': {
		en: 'until it is started again; ending it takes at most {seconds} s',
		zh: '直到再次启动；停止最多需要 {seconds} 秒',
	},
	'service-undo-start': {
		en: 'stop it again: opsconsole service stop {names}',
		zh: '再次停止：opsconsole service stop {names}',
	},
	'service-undo-unpause': {
		en: 'pause it again: docker pause CONTAINER',
		zh: '再次暂停：docker pause 容器',
	},
	'service-undo-stop': {
		en: 'start it again: opsconsole service start {names}. If several are stopped and one cannot be, the others are started again by themselves.',
		zh: '再次启动：opsconsole service start {names}。停止多个服务时若有一个失败，其余服务会自动重新启动。',
	},
	'service-undo-restart': {
		en: 'A restart cannot be taken back. If it fails or is cancelled, what was stopped is started again.',
		zh: '重启无法撤销。如果失败或被取消，已停止的服务会重新启动。',
	},
	'service-undo-kill': {
		en: 'A signal cannot be taken back. Start what has ended: opsconsole service start {names}',
		zh: '信号无法撤销。已结束的服务可重新启动：opsconsole service start {names}',
	},
	'service-undo-recreate': {
		en: 'The old containers are gone. Put the former configuration file back and recreate again.',
		zh: '旧容器将不复存在。请恢复原配置文件后再次重建。',
	},
	'service-undo-scale': {
		en: 'scale {name} back to {before}; it is done by itself where a new container does not work',
		zh: '将 {name} 调回 {before} 个实例；新容器不正常时会自动调回',
	},
	'service-dependants': {
		en: 'running services depend on {name}: {services}',
		zh: '正在运行的服务依赖 {name}：{services}',
	},
	'service-network-guests': {
		en: '{services} live in the network of {name} and lose it; restart them afterwards',
		zh: '{services} 使用 {name} 的网络并会失去连接；请随后重启它们',
	},
	'service-dependency-down': {
		en: '{name} needs what does not run: {services}',
		zh: '{name} 所依赖的服务未运行：{services}',
	},
	'service-order-unknown': {
		en: 'who needs whom in {project} is not known (no Compose file here): the order is that of the names',
		zh: '{project} 的依赖关系未知（此处没有 Compose 文件）：按名称顺序执行',
	},
	'service-circle': {
		en: 'these services need each other in a circle, so their order is that of the names: {services}',
		zh: '以下服务循环依赖，按名称顺序执行：{services}',
	},
	'service-clients': {
		en: '{count} clients are connected to {name}',
		zh: '有 {count} 个客户端连接到 {name}',
	},
	'service-all-lost': {
		en: '{name} saves nothing (no save points, no append-only file): all its {count} keys are lost',
		zh: '{name} 不保存数据（无保存点，无 AOF）：全部 {count} 个键将丢失',
	},
	'service-unsaved': {
		en: '{name} has {count} changes since its last save; it is saved first',
		zh: '{name} 自上次保存以来有 {count} 处更改；会先保存',
	},
	'service-save-fails': {
		en: 'the last save of {name} failed; it is not ended unless a new one succeeds',
		zh: '{name} 最近一次保存失败；除非新的保存成功，否则不会停止',
	},
	'service-not-asked': {
		en: '{name} could not be asked for clients and unsaved data',
		zh: '无法向 {name} 查询客户端和未保存的数据',
	},
	'service-config-changed': {
		en: 'the Compose file of {name} has changed; a restart does not bring the change, `service recreate` does',
		zh: '{name} 的 Compose 文件已变更；重启不会生效，请使用 `service recreate`',
	},
	'service-stays-stopped': {
		en: '{name} stays stopped until somebody starts it',
		zh: '{name} 将保持停止，直到有人启动',
	},
	'service-stays-stopped-always': {
		en: '{name} stays stopped until somebody starts it or the Docker engine restarts (policy always)',
		zh: '{name} 将保持停止，直到有人启动或 Docker 引擎重启（策略 always）',
	},
	'service-removed-at-end': {
		en: '{name} was started with --rm: the engine removes it when it ends',
		zh: '{name} 以 --rm 启动：结束时引擎会将其删除',
	},
	'service-kill-data': {
		en: '{name} is a database: what it has not written down is lost, and it recovers at its next start',
		zh: '{name} 是数据库：未落盘的数据会丢失，下次启动时需要恢复',
	},
	'service-kill-policy': {
		en: 'after a signal by hand the engine may not start {name} by itself when it ends; restart it to have that again',
		zh: '手动发送信号后，{name} 结束时引擎可能不再自动启动它；重启后恢复',
	},
	'service-change-image': {
		en: '{name} changes: the image {image} is another one now',
		zh: '{name} 变更：镜像 {image} 已更新',
	},
	'service-change-variable': {
		en: '{name} changes: variable {variable}',
		zh: '{name} 变更：环境变量 {variable}',
	},
	'service-change-command': {en: '{name} changes: its command', zh: '{name} 变更：启动命令'},
	'service-change-detached': {
		en: '{name} is in no network; the new container is put into those of its file',
		zh: '{name} 不在任何网络中；新容器会加入其配置文件中的网络',
	},
	'service-change-network': {
		en: '{name} has lost the network {network}; the new container is put into those of its file',
		zh: '{name} 的网络 {network} 已不存在；新容器会加入其配置文件中的网络',
	},
	'service-change-other': {
		en: '{name} changes: other settings of its file',
		zh: '{name} 变更：配置文件中的其他设置',
	},
	'service-create-data': {
		en: 'what the removed container of {name} kept outside of named volumes and folders of the host is not in the new one',
		zh: '{name} 的旧容器中不在命名卷或主机目录里的数据，新容器里没有',
	},
	'service-data-inside': {
		en: 'the data of {name} is inside the container, on no volume: it goes with it',
		zh: '{name} 的数据在容器内，不在卷上：会随容器一起删除',
	},
	'service-scale-removed': {en: 'only {count} are wanted', zh: '只需要 {count} 个'},
	'service-scale-mixed': {
		en: 'the Compose file of {name} has changed: new containers get the new configuration, the others keep the old one',
		zh: '{name} 的 Compose 文件已变更：新容器使用新配置，其余保持旧配置',
	},
	'service-evidence-kept': {en: 'evidence is kept in {folder}', zh: '证据保存在 {folder}'},
	'service-checkpoint-done': {en: 'PostgreSQL made a checkpoint', zh: 'PostgreSQL 已完成检查点'},
	'service-checkpoint-refused': {
		en: 'PostgreSQL refused a checkpoint; its stop makes one and takes longer',
		zh: 'PostgreSQL 拒绝了检查点；停止时会自行执行，耗时更长',
	},
	'service-redis-saved': {en: 'Redis saved its data', zh: 'Redis 已保存数据'},
	'service-works': {
		en: '{name} works, proven after {seconds} s',
		zh: '{name} 正常工作，{seconds} 秒后确认',
	},
	'service-log-unread': {
		en: 'the log of {name} since its start could not be read, so nobody looked for errors in it',
		zh: '无法读取 {name} 启动以来的日志，未检查其中的错误',
	},
	'service-fatal-address-in-use': {
		en: '{name} runs, but says that an address is in use already ({count} lines): {line}. Find who listens there: ss -ltnp',
		zh: '{name} 在运行，但日志称地址已被占用（{count} 行）：{line}。查看占用者：ss -ltnp',
	},
	'service-fatal-out-of-memory': {
		en: '{name} runs, but says that memory ran out ({count} lines): {line}. Compare its limit with its use in the container list.',
		zh: '{name} 在运行，但日志称内存不足（{count} 行）：{line}。请在容器列表中比较其限额与用量。',
	},
	'service-fatal-no-space': {
		en: '{name} runs, but says that a disk is full ({count} lines): {line}. Free space (disk actions of the host), then restart it.',
		zh: '{name} 在运行，但日志称磁盘已满（{count} 行）：{line}。请释放空间（主机的磁盘操作）后重启。',
	},
	'service-fatal-read-only': {
		en: '{name} runs, but says that it cannot write ({count} lines): {line}. Look at its mounts and at the disk: dmesg',
		zh: '{name} 在运行，但日志称无法写入（{count} 行）：{line}。请检查其挂载和磁盘：dmesg',
	},
	'service-fatal-wrong-program': {
		en: '{name} runs, but a program in it cannot be started ({count} lines): {line}. Its image is for another machine or incomplete.',
		zh: '{name} 在运行，但其中的程序无法启动（{count} 行）：{line}。镜像架构不符或不完整。',
	},
	'service-fatal-crash': {
		en: '{name} runs, but a program in it crashed since the start ({count} lines): {line}. Read its log.',
		zh: '{name} 在运行，但启动后其中有程序崩溃（{count} 行）：{line}。请查看其日志。',
	},
	'service-fatal-exception': {
		en: '{name} runs, but its log has an exception since the start ({count} lines): {line}. Read its log.',
		zh: '{name} 在运行，但启动后日志中有异常（{count} 行）：{line}。请查看其日志。',
	},
	'service-fatal-fatal': {
		en: '{name} runs, but its log has fatal lines since the start ({count} lines): {line}. Read its log.',
		zh: '{name} 在运行，但启动后日志中有致命错误（{count} 行）：{line}。请查看其日志。',
	},
	'service-port-silent': {
		en: 'nobody listens behind port {port} of {name} (port {inside} in the container): read its log and compare the port with its settings',
		zh: '{name} 的端口 {port}（容器内端口 {inside}）无人监听：请查看日志并核对端口设置',
	},
	'service-port-silent-still': {
		en: 'nobody listens behind port {port} of {name} (port {inside} in the container), as before',
		zh: '{name} 的端口 {port}（容器内端口 {inside}）无人监听，与之前相同',
	},
	'service-said': {en: '{name}: {line}', zh: '{name}：{line}'},
	'service-ended': {
		en: '{name} ended with status {exitCode}',
		zh: '{name} 已结束，状态 {exitCode}',
	},
	'service-ended-removed': {en: '{name} ended and was removed', zh: '{name} 已结束并被删除'},
	'service-killed-after-grace': {
		en: '{name} did not obey its stop signal and was killed (status {exitCode})',
		zh: '{name} 未响应停止信号，已被强制终止（状态 {exitCode}）',
	},
	'service-ended-out-of-memory': {
		en: '{name} had run out of memory (status {exitCode})',
		zh: '{name} 曾因内存不足被终止（状态 {exitCode}）',
	},
	'service-ended-badly': {
		en: '{name} ended with status {exitCode}, which its program means as an error',
		zh: '{name} 以状态 {exitCode} 结束，程序以此表示出错',
	},
	'service-paused-again': {en: '{name} was paused again', zh: '{name} 已再次暂停'},
	'service-started-again': {en: '{name} was started again', zh: '{name} 已重新启动'},
} as const satisfies Readonly<Record<string, Words>>;
