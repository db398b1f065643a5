/**
 * All that the console says, in English. Another language is another file like this one.
 */

const or = (text, otherwise) => (text === undefined || text === '' ? otherwise : text);

const exchange = (name) => (or(name, '') === '' ? 'the default exchange' : `the exchange “${name}”`);

/** A number of seconds, or a question mark where the page does not know it. */
const number = (value) => (value === undefined ? '?' : value.toFixed(1));

const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

const events = {
	published: (e, m) => `${m} was published to ${exchange(e.exchange)}${or(e.routingKey, '') === '' ? '' : ` with the key “${e.routingKey}”`} by ${or(e.connection, 'the broker')}`,
	routed: (e, m) => `${m} went into the queue “${e.queue}”`,
	unroutable: (e, m) => `${m} went to no queue`,
	returned: (e, m) => `${m} was returned to ${or(e.connection, 'its publisher')}`,
	refused: (e, m) => `${m} was refused by the queue “${e.queue}”`,
	delivered: (e, m) => `${m} was ${e.redelivered ? 'redelivered' : 'delivered'} to ${or(e.consumer, or(e.connection, 'somebody'))}`,
	acknowledged: (e, m) => `${m} was acknowledged and is gone from “${e.queue}”`,
	rejected: (e, m) => `${m} was rejected by its consumer`,
	requeued: (e, m) => `${m} went back into the queue “${e.queue}”`,
	expired: (e, m) => `${m} expired in the queue “${e.queue}”`,
	dropped: (e, m) => `${m} was dropped from the full queue “${e.queue}”`,
	'delivery-limit': (e, m) => `${m} came back too often`,
	'dead-lettered': (e, m) => `${m} was sent to ${exchange(e.exchange)} as a dead letter`,
	confirmed: (e, m) => `the broker confirmed ${m} to its publisher`,
	purged: (e) => `the queue “${e.queue}” was emptied`,
	connected: (e) => `${or(e.connection, 'a program')} connected`,
	disconnected: (e) => `${or(e.connection, 'a program')} disconnected`,
	'channel-closed': (e) => `the broker closed a channel of ${or(e.connection, 'a program')}${e.reason ? `: ${e.reason}` : ''}`,
	'queue-declared': (e) => `the queue “${e.queue}” was declared`,
	'queue-deleted': (e) => `the queue “${e.queue}” was deleted`,
	bound: (e) => `“${or(e.queue, 'an exchange')}” was bound to ${exchange(e.binding?.source)}${or(e.binding?.routingKey, '') === ''
		? '' : ` with the key “${e.binding.routingKey}”`}`,
	consuming: (e) => `${e.consumer} began to consume from “${e.queue}”`,
	cancelled: (e) => `${e.consumer} stopped consuming from “${e.queue}”`,
	reconnected: () => 'the page connected to the broker again',
	corrected: () => 'the page took over the broker’s own numbers',
	other: (e) => e.what,
};

/** Why an event happened; nothing where it needs no explanation. */
function why(event) {
	switch (event.what) {
		case 'routed': {
			const binding = event.binding;
			if (!binding || or(binding.source, '') === '') {
				return `Why there? The default exchange routes to the queue whose name is the routing key.`;
			}
			const asked = Object.keys(binding.arguments ?? {}).length > 0
				? `the arguments ${JSON.stringify(binding.arguments)}` : `the key “${binding.routingKey}”`;
			return `Why there? The queue is bound to “${binding.source}” with ${asked}.`;
		}
		case 'unroutable':
			return `Why nowhere? ${or(event.reason, 'No binding matches.')}`;
		case 'delivered':
			return event.redelivered ? 'It had been delivered before, and was not acknowledged.' : '';
		case 'channel-closed':
		case 'requeued':
		case 'refused':
		case 'dead-lettered':
		case 'rejected':
			return or(event.reason, '');
		default:
			return '';
	}
}

/** What a subscription wants, in short. */
const wantsOf = ({ type, bindingKeys = [], bindingHeaders = [] }) => (type === 'fanout' ? 'everything'
	: [...bindingKeys, ...bindingHeaders.map(headersText)].join(', '));

const headersText = (headers) => {
	const { 'x-match': match = 'all', ...others } = headers;
	return `${match} of ${Object.entries(others).map(([name, value]) => `${name}=${value}`).join(', ')}`;
};

const logLine = ({ message, routingKey, receivedAt }) =>
	`${receivedAt.slice(11, 23)} ${routingKey === '' ? '' : `${routingKey}: `}${message}`;

const list = (texts) => (texts.length === 0 ? 'nothing' : texts.map((text) => `“${text}”`).join(', '));

const sent = ({ routed }) => (routed ? 'Somebody gets it.' : 'The broker took it, and nobody gets it.');

/** The controls of the lessons of the logs-service; each adds its fields. */
const logsControls = ({ wants = {}, log }) => ({
	subscribe: { title: 'Subscribe', action: 'Subscribe', fields: wants,
		means: (body) => `${body.id} has a queue of its own, ${body.queue}, bound to the exchange “${body.exchange}”.` },
	send: { title: 'Send a log', action: 'Send', fields: log, means: sent },
	subscriptions: { title: 'Subscriptions', none: 'Nobody has subscribed.',
		item: (row) => `${row.id} wants ${wantsOf(row)}; received ${row.received}`, actions: { end: 'End' } },
	rebind: { title: 'Give a subscription other bindings', action: 'Bind', fields: { id: 'Subscription', ...wants },
		hint: 'The new bindings are made before the old ones go: what matches both is neither missed nor doubled.',
		means: (body) => `${body.id} wants ${wantsOf(body)} from now on.` },
	received: { title: 'What a subscription received', action: 'Show', fields: { id: 'Subscription' },
		means: (body) => (body.length === 0 ? 'Nothing yet.' : `Newest first: ${body.slice(0, 5).map(logLine).join(' · ')}`) },
	follow: { title: 'Follow a subscription', action: 'Follow', stop: 'Stop', fields: { id: 'Subscription' },
		none: 'Waiting for the next log…', line: logLine,
		gap: ({ reason }) => `Logs may be missing here: ${reason}` },
	routes: { title: 'Who would get it?', action: 'Ask', fields: log, hint: 'This asks, and sends nothing.',
		means: (body) => (body.length === 0 ? 'Nobody.' : body.map((row) => `${row.id}${row.bindingKeys.length + (row.bindingHeaders ?? []).length > 0
			? ` (${wantsOf(row)})` : ''}`).join('; ')) },
	exchanges: { title: 'The exchange', none: 'The service does not answer.',
		item: ({ name, type, durable, declaredBy }) => `${name}: ${type}, ${durable ? 'durable' : 'not durable'}, declared ${declaredBy === 'self' ? 'as this service does' : 'by somebody else'}`,
		actions: { delete: 'Delete, and declare again' } },
});

const logsWaiting = {
	published: 'the logs are published',
	delivered: 'the logs are delivered',
	acknowledged: 'the logs are acknowledged',
	inQueue: 'the queue has them',
};

export default {
	events,
	why,
	site: {
		name: 'Warren',
		noAnswer: 'The console does not answer. The page asks again.',
		lessons: 'Lessons',
		overview: 'Overview',
		playground: 'Playground',
	},
	home: {
		title: 'See real messages move',
		intro: 'Each lesson is a pattern of messaging on a real broker. Do something, see where the messages go, break it, and find out why it behaves as it does. Begin with the first.',
		then: 'And then:',
	},
	overview: {
		broker: 'Broker',
		noBroker: 'The broker does not answer.',
		operate: 'operate it',
		publishRate: 'published a second',
		deliverRate: 'delivered a second',
		ackRate: 'acknowledged a second',
		ready: 'ready',
		unacknowledged: 'unacknowledged',
		connections: 'connections',
		queues: 'Queues',
		queue: 'Queue',
		consumers: 'Consumers',
		service: (id) => `${id}-service`,
		at: 'At',
		api: 'Try the API',
		openApi: 'OpenAPI document',
		metrics: 'Metrics',
		health: 'Health',
	},
	playground: {
		intro: 'All that is on the broker. Declare exchanges and queues, bind them, send, and see where messages go; click an exchange or a queue to choose it in the forms, or draw a line from an exchange to a queue to bind it. Take what you have made with you as definitions, as Java, or as a test.',
		filter: 'Show only names with',
		nothing: 'There is nothing on the broker that would be shown here. Declare an exchange and a queue.',
		hidden: (count) => `${plural(count, 'more queue')} not shown.`,
		name: 'Name',
		type: 'Type',
		durable: 'Durable: survives a restart of the broker',
		ttl: 'Messages expire after (ms)',
		maxLength: 'At most so many messages',
		deadLetterExchange: 'Dead letters to the exchange',
		deadLetterKey: 'with the routing key',
		declareExchange: 'An exchange',
		declareQueue: 'A queue',
		declare: 'Declare',
		bindTitle: 'A binding',
		bind: 'Bind',
		from: 'From the exchange',
		to: 'To',
		queue: 'queue',
		exchange: 'exchange',
		key: 'Key',
		arguments: 'Arguments (JSON)',
		publishTitle: 'Send',
		headers: 'Headers (JSON)',
		text: 'Text',
		persistent: 'Persistent',
		rate: 'Messages a second',
		publish: 'Send once',
		start: 'Send at that rate',
		stop: 'Stop sending',
		ask: 'Where would this go, and why?',
		routeTitle: 'It would go to',
		nobody: 'Nobody.',
		because: ({ source, routing_key: key, arguments: args }) => (source === ''
			? 'because the default exchange routes to the queue whose name is the routing key'
			: `because it is bound to “${source}” with ${Object.keys(args ?? {}).length > 0 ? JSON.stringify(args) : `the key “${key}”`}`),
		removeTitle: 'Delete',
		what: 'What',
		remove: 'Delete',
		confirmRemove: (name) => `Delete “${name}” with all that is in it?`,
		importTitle: 'Import definitions',
		file: 'From a file',
		definitions: 'Definitions (JSON)',
		import: 'Import',
		exportTitle: 'Take it with you',
		as: 'As',
		exports: { spring: 'Spring’s Declarables', junit: 'a test on the embedded broker', definitions: 'definitions.json' },
		download: 'Download',
		noJson: 'This is not a JSON object.',
	},
	table: {
		filter: 'Filter',
		pages: 'Pages',
		previous: 'Previous',
		next: 'Next',
		empty: 'There is nothing.',
		nothingMatches: 'Nothing matches.',
		rows: (from, to, count) => `${from} to ${to} of ${count}`,
	},
	drawing: {
		label: 'Producers, exchanges, queues and consumers',
		defaultExchange: '(default)',
		nothingBound: 'No queue is bound to it yet.',
		columns: { producer: 'Sender', exchange: 'Exchange', queue: 'Queue', consumer: 'Receiver' },
		binding: (exchangeName, queue, key) => `From ${exchangeName} to ${queue} by ${key}`,
		bounds: ({ exclusive, arguments: args }) => [
			exclusive ? 'goes with its connection' : '',
			args['x-max-length'] === undefined ? '' : `holds at most ${args['x-max-length']}`,
			args['x-message-ttl'] === undefined ? '' : `keeps messages ${args['x-message-ttl'] / 1000} s`,
		].filter(Boolean).join(', '),
		idle: 'idle',
		gets: 'asks for messages',
		took: (count, label) => (count === 1 ? `has: ${label}` : `has ${count}`),
		holds: (count, label) => (count === 1 ? `works: ${label}` : `holds ${count}`),
		producer: (name) => `Producer ${name}`,
		exchange: (name, type) => `Exchange ${name}, ${type}`,
		queue: (name, ready, unacknowledged, durable) =>
			`Queue ${name}, ${durable ? 'durable' : 'not durable'}: ${ready} ready, ${unacknowledged} unacknowledged`,
		consumer: (name, held) => `Consumer ${name}, holds ${plural(held, 'message')}`,
	},
	message: {
		title: (number) => `Message #${number}`,
		close: 'Close',
		bytes: (size) => `${plural(size ?? 0, 'byte')} that are not text`,
		unknown: 'It was published before this page was opened, or so long ago that the page has forgotten it.',
		way: 'Its way so far',
		properties: 'Properties',
	},
	player: {
		label: 'Time',
		pause: 'Pause',
		play: 'Play',
		step: 'Step',
		slow: 'Slow',
		live: 'Live',
		position: 'Point in time',
		behind: (events) => `${plural(events, 'event')} to come`,
		now: 'live',
		lost: (count) => `${plural(count, 'event')} did not reach this page`,
		gaps: (count) => `Not connected ${plural(count, 'time')}: what happened then is not counted`,
	},
	stream: {
		connecting: 'Connecting to the broker…',
		broken: (reason) => `The broker cannot be reached (${reason}). The page connects again by itself.`,
		absent: 'This broker does not tell what happens to each message, as the embedded broker does. What moves here is what the services say they received; the numbers are the broker’s, some seconds old.',
	},
	legend: {
		title: 'What a message looks like',
		transient: 'not persistent',
		persistent: 'persistent',
		redelivered: 'delivered before',
		dead: 'dead letter',
		confirm: 'the broker’s confirm',
	},
	lesson: {
		happened: 'What just happened',
		nothing: 'Nothing yet. Send something.',
		controls: 'Try it',
		experiments: 'Break it',
		copy: 'Copy',
		copied: 'Copied',
		java: 'The Java that does it',
		javaOf: (name) => `${name}.java`,
		noAnswer: 'The service does not answer.',
		totals: 'Since the page was opened',
	},
	totals: {
		published: 'published',
		routed: 'into queues',
		unroutable: 'to nobody',
		delivered: 'delivered',
		acknowledged: 'acknowledged',
		requeued: 'back into a queue',
		returned: 'returned',
		rejected: 'rejected',
		expired: 'expired',
		dropped: 'dropped',
		'delivery-limit': 'came back too often',
		'dead-lettered': 'dead letters',
		refused: 'refused',
		confirmed: 'confirmed',
	},
	lessons: {
		hello: {
			short: 'Hello',
			title: 'Hello World!',
			intro: 'A program sends a message, another receives it, and the two never talk to each other: in between is a queue on the broker. It keeps the message until somebody takes it.',
			controls: {
				send: { title: 'Send a message', action: 'Send', fields: { text: 'Text' } },
				start: { title: 'Start another receiver', action: 'Start a receiver' },
				receivers: { title: 'Receivers', none: 'There is no receiver.', item: ({ id, received }) => `${id}, received ${received}`, actions: { stop: 'Stop' } },
				queue: { title: 'Ask for the queue', action: 'Show it' },
			},
			waiting: {
				inQueue: 'two messages are in the queue',
				delivered: 'the messages are delivered',
			},
			experiments: {
				'nobody-listens': {
					title: 'Send while nobody listens',
					question: 'You stop the only receiver and send two messages. Are they lost? Does the sender notice?',
					watch: 'the queue: how many messages it holds',
					explain: ({ count, receiver, waited }) => `Nothing was lost. The sender got its confirm, since what it waits for is the broker and not a receiver. The first message lay in the queue for ${waited?.toFixed(1)} seconds. When ${receiver} began to consume, the queue gave it the ${plural(count, 'message')} it had kept.`,
				},
				'take-turns': {
					title: 'Three receivers, six messages',
					question: 'Does each receiver get all six messages, or do they share them?',
					watch: 'which receiver each message goes to',
					explain: ({ byReceiver }) => `They shared them: ${[...byReceiver].map(([name, count]) => `${name} got ${count}`).join(', ')}. A queue gives each message to one consumer and goes round among them. If every receiver is to get every message, each needs a queue of its own, which is the lesson “Publish/subscribe”.`,
				},
			},
		},
		'publish-subscribe': {
			short: 'Publish/subscribe',
			title: 'Publish/subscribe: everything to everyone',
			intro: 'A queue gives each message to one receiver. What if everybody is to get every message? Then each receiver has a queue of its own, and the sender sends to an exchange instead. This one is a fanout exchange: it puts a copy into each queue that is bound to it. The sender does not know how many there are, and need not change when another comes.',
			controls: logsControls({ log: { message: 'Text' } }),
			waiting: logsWaiting,
			experiments: {
				copies: {
					title: 'Two subscribers, one log',
					question: 'Two subscribe, and you send one log. Do they share it, as receivers of one queue would, or does each get it?',
					watch: 'how many copies leave the exchange',
					explain: ({ published, queues }) => `${plural(published, 'log was', 'logs were')} published, and the exchange put a copy into ${plural(queues, 'queue')}, one for each subscriber. Compare “Hello World!”, where three receivers of one queue shared its messages: the number of queues decides who shares, not the number of receivers.`,
				},
				'nobody-yet': {
					title: 'Nobody has subscribed yet',
					question: 'You send a log while nobody is subscribed. Then somebody subscribes. Do they get that log?',
					watch: 'the exchange when the first log comes, and what the subscriber gets',
					explain: ({ id, received, published, status, routed, ended }) => `No. Of the ${published} logs, ${id} got ${received}: the one that was sent after its queue was bound. An exchange keeps nothing. It had no queue to put the first log into, and dropped it; the service answered ${status} with "routed":${routed}. In “Hello World!” the queue was there before the receiver, and kept what came. ${ended > 0 ? `(${plural(ended, 'subscription')} of yours had to end for this. As many begin again now.)` : ''}`,
				},
				'slow-subscriber': {
					title: 'A slow subscriber',
					question: 'Two queues are bound to the exchange. One has a subscriber that takes each log at once. Nobody takes anything from the other, as if its subscriber had stopped; it may hold five messages. You send eight logs. Does the quick subscriber have to wait? And what becomes of the logs that do not fit?',
					watch: 'the two numbers in the queues',
					explain: ({ id, sent, received, slowest, waiting, dropped, most }) => `${id} got ${received} of ${sent} logs, each at most ${plural(Math.max(1, slowest), 'millisecond')} after it was published: it did not notice the other. Each subscriber has its own queue, so a slow one fills its own only. That queue holds ${waiting} now. It was declared with x-max-length ${most}, and so the broker dropped the ${dropped} oldest to make room. Without a limit it would have grown as long as there was memory.`,
				},
			},
		},
		routing: {
			short: 'Routing',
			title: 'Routing: by one word',
			intro: 'Not everybody wants every log. Here each log carries its severity as its routing key, and whoever subscribes says which severities it wants: one binding for each, with the severity as its key. The exchange is a direct one. It puts a log into each queue that is bound with exactly the key that the log has.',
			controls: logsControls({
				wants: { keys: 'Severities, with commas between them' },
				log: { severity: 'Severity', message: 'Text' },
			}),
			waiting: logsWaiting,
			experiments: {
				'not-asked-for': {
					title: 'A severity that nobody asked for',
					question: 'One subscriber wants errors only, to write them to a file. Another wants info, warning and error, for a screen. You send a log of each of debug, info, warning and error. Who gets what, and where does the debug log go?',
					watch: 'the keys on the lines, and the exchange when the debug log comes',
					explain: ({ file, screen, nobody, reason }) => `The file (${file.id}) got ${list(file.got)}, and the screen (${screen.id}) ${list(screen.got)}. ${nobody.length > 0 ? `${list(nobody)} went to nobody: ${reason}.` : ''} An error is one message for the sender and two copies for the receivers. The sender said what its log is; who wants it was decided by the bindings alone.`,
				},
				'no-patterns': {
					title: 'A star is just a star',
					question: 'Somebody subscribes with the key *, in the hope of getting everything. You send a log of the severity error, and then one whose severity is literally *. What arrives?',
					watch: 'which of the two logs reaches the queue',
					explain: ({ id, got, unroutable }) => `${id} got ${list(got)}; ${list(unroutable)} went to nobody. A direct exchange compares keys letter by letter, and * is a letter like any other. Patterns are what topic exchanges are for, which is the next lesson.`,
				},
			},
		},
		topics: {
			short: 'Topics',
			title: 'Topics: who wants what',
			intro: 'A program writes logs and gives each a routing key, words with dots between them: kern.critical is from the kernel, and critical. Whoever wants logs says which by binding keys, in which * stands for one word and # for any number of words. In between is an exchange. It looks at the key of each log and puts a copy into the queue of everybody who asked for it. The sender knows none of them.',
			controls: logsControls({
				wants: { keys: 'Binding keys, with commas between them' },
				log: { routingKey: 'Routing key', message: 'Text' },
			}),
			waiting: logsWaiting,
			experiments: {
				once: {
					title: 'Two bindings match',
					question: 'A subscription asks for kern.* and for *.critical. You send one log with the key kern.critical. How often does it arrive?',
					watch: 'the two keys on the line to the queue, and how many messages go along it',
					explain: ({ id, count, by }) => `${id} got it ${count === 1 ? 'once' : `${count} times`}. Both keys match, but an exchange decides for each queue whether it gets a message, not how often; this time it went by “${by}”, as the broker tells. Whoever wants two copies needs two queues.`,
				},
				words: {
					title: 'A star or a hash',
					question: 'One subscription asks for kern.*, another for kern.#. You send logs with the keys kern, kern.info and kern.disk.full. Who gets which?',
					watch: 'which way each log takes',
					explain: ({ star, hash }) => `kern.* let ${list(star.keys)} through to ${star.id}, and kern.# let ${list(hash.keys)} through to ${hash.id}. * is exactly one word. # is any number of words, none included, which is why it matches plain “kern”. Neither stands for a part of a word.`,
				},
				'to-nobody': {
					title: 'Publish to nobody, with and without mandatory',
					question: 'A subscription asks for kern.*. You send a log with the key cron.info, twice: the first time as it is, the second time marked “mandatory”. Does the sender notice that nobody got it?',
					watch: 'the exchange, and whether anything comes back to the sender',
					explain: ({ wanted, reason, unroutable, looked, returned, status, routed }) => (wanted > 0
						? `Somebody wanted it: a subscription that was there before asks for cron.info. End it, and run this again.`
						: `Neither of the ${unroutable} logs got into a queue: ${reason}. The exchange keeps nothing; the first log was dropped without a word to its sender. The page sent it through the broker’s management API, which looks by itself whether anybody got it, and answered "routed":${looked}. The second log came back to its sender (${plural(returned, 'message')} returned), since logs-service publishes as mandatory. What follows from that is for a program to decide: logs-service answered ${status} with "routed":${routed}, because a log that nobody asked for is no failure. postbox-service answers 404 instead, because a letter to nobody is one.`),
				},
			},
		},
		headers: {
			short: 'Headers',
			title: 'Headers: by several properties',
			intro: 'A routing key is one text. When what matters are several things at once, say a format and a kind of document, a message can carry them as headers, and a headers exchange looks at those instead of the key. A binding names the headers it wants and says whether all of them must be there, or any one is enough.',
			controls: logsControls({
				wants: { headers: 'Headers, with commas between them', match: 'How many must match' },
				log: { headers: 'Headers, with commas between them', message: 'Text' },
			}),
			waiting: logsWaiting,
			experiments: {
				'any-all': {
					title: 'Any against all',
					question: 'Two subscribers name the same headers, format=pdf and type=report. One says that all must match, the other that any one is enough. You send a PDF report, a PDF invoice and a ZIP archive. Who gets what?',
					watch: 'which lines each of the three takes',
					explain: ({ all, any, nobody }) => `With “all”, ${all.id} got ${list(all.got)}. With “any”, ${any.id} got ${list(any.got)}, since one header that matches is enough. ${nobody.length > 0 ? `${list(nobody)} matched neither, and went to nobody.` : ''} Headers that a binding does not name are of no interest to it.`,
				},
				'number-text': {
					title: 'Three is not “3”',
					question: 'A subscriber wants pages=3, a number. You send a log whose header pages is the number 3, and one where it is the text “3”. Does it get both?',
					watch: 'which of the two logs reaches the queue',
					explain: ({ id, got, unroutable, reason }) => `${id} got ${list(got)}. ${unroutable.length > 0 ? `${list(unroutable)} went to nobody: ${reason}.` : ''} Headers have types, as in JSON, and a number never equals a text. Whoever sends and whoever binds must agree on the type, too.`,
				},
			},
		},
		'work-queues': {
			short: 'Work queues',
			title: 'Work queues',
			intro: 'Some work takes too long to do while somebody waits for it. So a program describes the work in a message, a task, and puts it into a queue. Workers take tasks from the queue and tell the broker when each is done: they acknowledge it. Only then does the broker forget the task, so a worker may crash and the task is still done.',
			controls: {
				send: {
					title: 'Send a task', action: 'Send', fields: { text: 'Task' },
					hint: 'Each dot is a second of work. A task that begins with “!” fails.',
				},
				tasks: {
					title: 'The last tasks', none: 'There is no task yet.',
					item: ({ text, state, worker, attempts, redeliveries }) => `“${text}”: ${state}${worker ? `, ${worker}` : ''}`
						+ `${attempts > 1 ? `, ${attempts} attempts` : ''}${redeliveries > 0 ? `, redelivered ${plural(redeliveries, 'time')}` : ''}`,
					actions: {},
				},
				stream: {
					title: 'Follow the tasks', action: 'Follow', stop: 'Stop', none: 'Waiting for the next change…',
					line: ({ text, state, worker }) => `“${text}”: ${state}${worker ? `, ${worker}` : ''}`,
					gap: ({ reason }) => `Changes may be missing here: ${reason}`,
				},
				start: { title: 'Start another worker', action: 'Start a worker' },
				workers: {
					title: 'Workers', none: 'There is no worker.',
					item: ({ id, state, task, done }) => `${id}: ${state === 'running' ? (task ? 'at work' : 'idle') : state}, ${done} done`,
					hint: 'A worker that is stopped finishes its task. One that crashes does not, and nobody takes its place.',
					actions: { crash: 'Crash', stop: 'Stop' },
				},
				dispatch: { title: 'Ask how many tasks a worker may hold', action: 'Show it' },
				prefetch: {
					title: 'Change how many tasks a worker may hold', action: 'Change', fields: { prefetch: 'Prefetch' },
					hint: 'With 1, a worker gets its next task when it has finished the one before.',
				},
				letters: {
					title: 'Dead letters', action: 'Show them', none: 'There is no dead letter.',
					hint: 'Tasks that failed three times. The service gets them from their queue to show them, and puts them back.',
					item: ({ text, attempts, error }) => `“${text}”: ${plural(attempts, 'attempt')}, ${error ?? 'nobody knows why'}`,
					actions: { replay: 'Try again', drop: 'Drop' },
				},
				dropAll: { title: 'Drop all dead letters', action: 'Drop them' },
				queue: { title: 'Ask for the queue', action: 'Show it' },
				delete: {
					title: 'Delete the queue', action: 'Delete', fields: { force: 'even if there are tasks in it' },
					hint: 'The service declares it again, empty.',
				},
			},
			waiting: {
				idle: 'the workers have nothing to do',
				begun: 'a worker has begun the task',
				done: 'the tasks are done',
				inQueues: 'the three messages are in their queues',
				back: 'the broker is there again',
				dead: 'the task is a dead letter',
				refused: 'the broker refuses',
				expired: 'the messages have expired',
			},
			experiments: {
				crash: {
					title: 'Kill a worker in its task',
					question: 'There are two workers. One of them crashes in the middle of a task that takes four seconds. Is the task lost, half done, or done?',
					watch: 'the worker that has the task, and where the task goes when that worker disappears',
					explain: ({ first, second, redelivered, worked, took }) => `${first} worked on the task for ${number(worked)} seconds and crashed. It had not acknowledged the task, so the broker still had it, and when the channel of ${first} closed it put the task back into the queue and gave it to ${second}${redelivered ? ', marked as redelivered' : ''}. ${second} began from the start and acknowledged it, ${number(took)} seconds after ${first} had got it. A task may therefore be begun twice: what it does must be safe to do again.`,
				},
				prefetch: {
					title: 'A prefetch of 250 against a prefetch of 1',
					question: 'Two workers get one slow task and six quick ones, first with a prefetch of 250, then with 1. Does the prefetch matter when everything is done in the end?',
					watch: 'how many tasks each worker holds, and which worker is idle',
					explain: ({ count, many, one }) => `With 250, the broker handed out all tasks at once, in turn: ${many.worker} held the slow task and ${many.behind} of the ${count} quick ones behind it, although the other worker was idle. The last quick task was done after ${number(many.took)} seconds. With 1, a worker gets a task only when it has acknowledged the one before: ${one.behind === 0 ? 'no quick task waited' : `only ${plural(one.behind, 'quick task')} waited`} behind the slow one, and the last was done after ${number(one.took)} seconds. A large prefetch saves waiting for the network when tasks are short and alike; when they are not, it is unfair.`,
				},
				restart: {
					title: 'Restart the broker, with and without durable',
					question: 'No worker is there, and three messages wait: a persistent one in a durable queue, one in a durable queue that is not persistent, and a persistent one in a queue that is not durable. The broker restarts. Which are there afterwards?',
					watch: 'the queues (a dashed frame is a queue that is not durable) and the shape of the messages in them (square is persistent)',
					explain: ({ survivors, isQueueGone }) => (survivors.length === 0 && isQueueGone ? 'This broker keeps its queues in memory only, so nothing survived. With a store on disk, a message survives a restart if both are true: its queue is durable, and it is persistent itself.' : `In the durable queue there ${survivors.length === 1 ? 'is' : 'are'} now ${plural(survivors.length, 'message')}: ${survivors.map((text) => `“${text}”`).join(', ') || 'none'}. ${isQueueGone ? 'The queue that was not durable is gone, and its message with it, although that was persistent.' : 'The queue that was not durable is still there: this broker was not restarted.'} A message survives a restart if both are true: its queue is durable, and it is persistent itself.`),
				},
				poison: {
					title: 'A poison message',
					question: 'A task fails whoever tries it. If the broker delivered it again each time, it would go round for ever and keep the workers from their work. What should happen instead?',
					watch: 'the worker: how often it tries, and where the task goes then',
					explain: ({ attempts, error, worker, deliveries, took }) => `${worker} tried it ${plural(attempts, 'time')} within ${number(took)} seconds, with a longer pause each time; the broker delivered it ${deliveries === 1 ? 'only once' : `${deliveries} times`}, since the retries are inside the worker. The reason was: “${error}”. Then the service published a copy to task_dead_letters, waited for the broker’s confirm, and only then acknowledged the original, so the task cannot get lost in between. Somebody can now look at it, try it again, or drop it. This page drops it.`,
				},
				redeclare: {
					title: 'Declare a queue with other arguments',
					question: 'To declare a queue that exists does nothing, if everybody says the same. Somebody has deleted task_queue and declared it with a message TTL of a minute. Now the service declares it, as it always does, without. Who is right?',
					watch: 'what just happened: the broker closes a channel',
					explain: ({ program, reason, declaredBy, arguments: found, status }) => `Whoever came first is right: a queue’s arguments cannot be changed. The broker refused what ${program} declared with the code 406, “${reason}”, and closed the channel on which it had asked. The service opened another one and uses the queue as it is: asked for it, it answers declaredBy “${declaredBy}”, with ${found}. The management page gets the same refusal, as status ${status}. A program that does not expect this fails when it starts. To change a queue, delete it and declare it anew, or use a policy.`,
				},
				ttl: {
					title: 'TTL and dead letters',
					question: 'A queue lets its messages live for five seconds (x-message-ttl), and nobody consumes from it. What happens to its messages then?',
					watch: 'the two queues that appear for this experiment, and the dashed line that leads from one to an exchange',
					explain: ({ death, count, waited }) => `After ${number(waited)} seconds the messages expired. Their queue names a dead letter exchange, so the broker did not drop the ${plural(count, 'message')}: it published them to that exchange, which routed them to the other queue. ${death ? `It notes why in the header x-death: ${plural(death.count, 'time')}, from the queue “${death.queue}”, since it ${death.reason}.` : ''} Without a dead letter exchange they would be gone. People use the two together to do something later: the first queue is the waiting room.`,
				},
			},
		},
		rpc: {
			short: 'RPC',
			title: 'Remote procedure call',
			intro: 'A program needs an answer, from whichever server is free. It puts its question into a queue, and says in the message where the answer is to go: a queue of its own (reply to). It adds a number that nobody else uses (the correlation id), and the server copies it into its answer, so the program knows which answer belongs to which question.',
			controls: {
				ask: {
					title: 'Ask for a Fibonacci number', action: 'Ask', fields: { n: 'Which one' },
					hint: 'Click a message to see its reply-to and its correlation id: the answer has the same.',
				},
				batch: { title: 'Ask for many at once', action: 'Ask', fields: { numbers: 'Which ones' } },
				start: { title: 'Start another server', action: 'Start a server' },
				servers: {
					title: 'Servers', none: 'There is no server: nobody answers.',
					item: ({ id, state, answered }) => `${id}: ${state}, answered ${answered}`,
					actions: { crash: 'Crash', stop: 'Stop' },
				},
				replies: { title: 'Ask what became of calls and replies', action: 'Show it' },
				queue: { title: 'Ask for the queue of the requests', action: 'Show it' },
				delete: {
					title: 'Delete the queue of the requests', action: 'Delete', fields: { force: 'even if there are requests in it' },
					hint: 'The service declares it again, empty.',
				},
			},
			waiting: {
				answering: 'the servers are at work',
			},
			experiments: {
				'server-dies': {
					title: 'Two servers, and one dies',
					question: 'Two servers answer 120 calls. One of them crashes while it works on a request. Does that caller get an answer? Does it notice anything?',
					watch: 'the server that disappears, and the request that goes back into the queue',
					explain: ({ victim, redelivered, number: asked, answeredBy, crashes, answered, calls, status }) => (redelivered
						? `When ${victim} crashed, it held the request for number ${asked}. It had not acknowledged it, so the broker put it back into the queue. ${answeredBy.length === 1 ? `It was answered by ${answeredBy[0]}, with the same correlation id, so the caller noticed nothing but the time it took.`
							: `But ${victim} had sent its reply a moment before, so the request was answered by ${answeredBy.join(' and by ')}. The caller took the first reply and discarded the second, which nobody waited for any more.`} ${crashes ? `The service counts in a header how many servers a request has cost (x-crashes: ${crashes}), so that a request which kills its server cannot kill all.` : ''}`
						: `${victim} crashed between two requests and held none. Run the experiment again to catch it at work.`) + ` ${answered} of ${calls} calls were answered (status ${status}).`,
				},
				'no-server': {
					title: 'Ask when nobody answers',
					question: 'There is no server. How long does the caller wait, and what becomes of its request?',
					watch: 'the request in rpc_queue',
					explain: ({ status, detail, expiration, waited }) => `The caller gave up and got status ${status}: “${detail}”. Its request carried an expiration of ${expiration} ms, as long as the caller waits. ${waited === undefined ? 'The broker drops it when that time is over' : `The broker dropped it after ${number(waited)} seconds`}, so that no server which starts later computes what nobody waits for any more.`,
				},
			},
		},
		'publisher-confirms': {
			short: 'Confirms',
			title: 'Publisher confirms',
			intro: 'A program that sends a message does not see whether it arrives: the network may break, or the broker may crash. So the broker confirms each message when it has taken responsibility for it, and the program reports a message as sent only after that. The green dots are the confirms on their way back.',
			controls: {
				send: {
					title: 'Send a task, and wait for its confirm', action: 'Send', fields: { text: 'Task' },
					hint: 'The answer is 202 when the confirm is there.',
				},
				individual: {
					title: 'Send many, and wait for each confirm', action: 'Send', fields: { count: 'How many' },
					hint: 'Simple and slow: the next is sent when the one before is confirmed.',
				},
				batch: {
					title: 'Send many, and wait once a hundred', action: 'Send', fields: { count: 'How many' },
					hint: 'Faster. If a confirm is missing, nobody knows which of the hundred it was.',
				},
				async: {
					title: 'Send many, and hear of confirms meanwhile', action: 'Send', fields: { count: 'How many' },
					hint: 'Fast, and each confirm is known to belong to its message. One confirm may be for several messages.',
				},
				queue: { title: 'Ask for the queue', action: 'Show it' },
			},
			waiting: {
				idle: 'the workers have nothing to do',
				done: 'the tasks are done',
			},
			experiments: {
				'lose-confirm': {
					title: 'Lose a confirm',
					question: 'The broker takes a task, and its confirm is lost on the way back. May the sender say that the task was sent? May it say that it was not?',
					watch: 'the task, which a worker does, and the green dot that does not come',
					explain: ({ status, detail, worker, isConfirmed }) => (isConfirmed || status === 202 ? 'The fault struck another message on the broker. Run the experiment again.' : `No confirm came. The sender waited for five seconds and answered ${status}: “${detail}”. It did not say “sent”. But ${worker} did the task: it had arrived. Without a confirm a sender knows nothing, neither that a message arrived nor that it did not. It may send it again, and then the task may be done twice, so whoever receives messages must be ready for that.`),
				},
				nack: {
					title: 'The broker refuses a task',
					question: 'The broker may also answer that it does not take a message (a nack), for example when its disk fails. What does the sender say?',
					watch: 'the first task, which goes nowhere',
					explain: ({ status, detail, next, deliveries }) => (status === 202 ? 'The fault struck another message on the broker. Run the experiment again.' : `The sender was told at once and answered ${status}: “${detail}”. The next task was taken (${next}), and the workers got ${plural(deliveries, 'task')}. After a nack the sender knows that the broker is not responsible for the message; it can try again later.`),
				},
				'three-ways': {
					title: 'Three ways to wait',
					question: 'The same 300 tasks are sent three times: waiting for each confirm, for a hundred together, and while sending. How much does it matter?',
					watch: 'the answers’ times, and how the green dots come',
					explain: ({ count, ways }) => `For ${count} tasks: ${ways.map(({ confirm, elapsedMs, ratePerSecond }) => `${confirm} took ${Math.round(elapsedMs)} ms (${ratePerSecond} a second)`).join(', ')}. All were confirmed in each way; the difference is how often the sender stood still. The first time also pays for what is done once. Over a real network, where each wait costs a round trip, the difference is much larger.`,
				},
			},
		},
		postbox: {
			short: 'Postbox',
			title: 'Rabbits and warrens',
			intro: 'A letter goes to a sorting room (an exchange), which puts it into each box (a queue) that has its key. There it waits, and survives a restart, until somebody comes and asks for it. Nothing is sent to a consumer here: whoever wants a letter asks for one (basic.get), reads it, and acknowledges it.',
			controls: {
				send: { title: 'Send a letter', action: 'Send', fields: { to: 'To', text: 'Text' } },
				collect: {
					title: 'Collect the next letter', action: 'Collect', fields: { box: 'Box', ack: 'Acknowledge' },
					hint: 'With “manual” the letter stays the broker’s until it is acknowledged, at most a minute. With “auto” it leaves the box at once.',
				},
				deliveries: {
					title: 'Collected letters', none: 'No letter waits to be acknowledged.',
					item: ({ box, handle, expiresAt }) => `from ${box}, ${handle.slice(0, 8)}, goes back at ${new Date(expiresAt).toTimeString().slice(0, 8)}`,
					actions: { ack: 'Acknowledge', back: 'Put back', drop: 'Throw away' },
				},
				declare: {
					title: 'Declare a box', action: 'Declare', fields: { name: 'Name', keys: 'Keys' },
					hint: 'A letter goes into every box that has its key.',
				},
				boxes: {
					title: 'Boxes', none: 'There is no box.',
					item: ({ name, keys, messages }) => `${name} (${keys.join(', ')}): ${plural(messages, 'letter')}`,
					actions: { show: 'Show', delete: 'Delete' },
				},
				stream: {
					title: 'Have letters sent to you', action: 'Consume', stop: 'Stop', none: 'Waiting for the next letter…',
					fields: { box: 'Box', ack: 'Acknowledge' },
					hint: 'Instead of asking for each letter, this consumes the box (basic.consume): letters come by themselves.',
					line: ({ text, redelivered }) => `“${text}”${redelivered ? ', delivered before' : ''}`,
					end: ({ reason }) => `The stream has ended: ${reason}`,
				},
			},
			waiting: {
				returned: 'the letter has come back',
				inBox: 'the two letters are in the box',
			},
			experiments: {
				'letter-to-nobody': {
					title: 'A letter to nobody',
					question: 'You send a letter with a key that no box has. Does the sender notice?',
					watch: 'the exchange, and where the letter goes from there',
					explain: ({ status, detail, reason, isConfirmed, isRouted }) => `${isRouted ? 'Some box has that key: the letter went there.' : `The exchange had nowhere to put the letter: ${reason}.`} It was sent as mandatory, so the broker returned it to its sender instead of dropping it silently, and the sender answered ${status}: “${detail}”. ${isConfirmed ? 'Note that the broker confirmed it all the same: a confirm says that the broker has done its part, not that anybody has the letter.' : ''} Without mandatory the sender would have heard of the confirm only.`,
				},
				'with-and-without-ack': {
					title: 'Collect with and without an acknowledgement',
					question: 'Two letters are in a box. The first is collected without an acknowledgement, the second with one; and each time whoever collected it drops out before it has read it. Which letter can be collected again?',
					watch: 'the box, and who holds which letter',
					explain: ({ auto, manual, text, redelivered, held }) => `The first letter was gone from the box as soon as the broker had sent it (${auto ? 'no acknowledgement was asked for' : 'an acknowledgement was asked for'}): if its reader drops out, nobody has it. The second ${manual ? 'was acknowledged at once' : 'left the box, too'}, but the broker kept it for its reader for ${number(held)} seconds, and when it was given up it went back into the box. The next reader got “${text}”${redelivered ? ', marked as redelivered,' : ''} and acknowledged it; only then was it gone.`,
				},
			},
		},
	},
	experiment: {
		think: 'Think first',
		watch: 'Look at',
		run: 'Run the experiment',
		running: 'Running…',
		notTold: 'On this broker nobody tells the page what this experiment waits for. Run it as a script, or on the embedded broker.',
		done: 'done',
		notDone: 'not finished',
		after: 'things are put back as they were',
		notPutBack: (reason) => `Not all is as it was before: ${reason}`,
		script: 'As a script',
		explanation: 'What happened, and why',
		failed: (reason) => `It did not get to the end: ${reason}`,
		waiting: (what) => `Waiting until ${what}`,
		restarting: 'the broker is restarted',
		restart: (command) => `you have restarted the broker; with Docker: ${command}`,
	},
};

