/**
 * All that the console says, in English. Another language is another file like this one.
 */

const or = (text, otherwise) => (text === undefined || text === '' ? otherwise : text);

const exchange = (name) => (or(name, '') === '' ? 'the default exchange' : `the exchange “${name}”`);

const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

export const events = {
	published: (e, m) => `${m} was published to ${exchange(e.exchange)} with the key “${or(e.routingKey, '')}” by ${or(e.connection, 'the broker')}`,
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
	'channel-closed': (e) => `the broker closed a channel of ${or(e.connection, 'a program')}`,
	'queue-declared': (e) => `the queue “${e.queue}” was declared`,
	'queue-deleted': (e) => `the queue “${e.queue}” was deleted`,
	bound: (e) => `“${or(e.queue, 'an exchange')}” was bound to ${exchange(e.exchange)}`,
	consuming: (e) => `${e.consumer} began to consume from “${e.queue}”`,
	cancelled: (e) => `${e.consumer} stopped consuming from “${e.queue}”`,
	reconnected: () => 'the page connected to the broker again',
	corrected: () => 'the page took over the broker’s own numbers',
	other: (e) => e.what,
};

/** Why an event happened; nothing where it needs no explanation. */
export function why(event) {
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
		skip: 'Skip to the page',
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
		operate: 'to be operated at',
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
		openApi: 'OpenAPI document',
		metrics: 'Metrics',
		health: 'Health',
		swagger: 'To try its API, type this address:',
	},
	playground: {
		intro: 'All that is on the broker. Declare exchanges and queues, bind them, send, and see where messages go; click an exchange or a queue to choose it in the forms. Take what you have made with you as definitions, as Java, or as a test.',
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
		columns: { producer: 'Sender', exchange: 'Exchange', queue: 'Queue', consumer: 'Receiver' },
		binding: (exchangeName, queue, key) => `From ${exchangeName} to ${queue} by ${key}`,
		bounds: ({ exclusive, arguments: args }) => [
			exclusive ? 'goes with its connection' : '',
			args['x-max-length'] === undefined ? '' : `holds at most ${args['x-max-length']}`,
			args['x-message-ttl'] === undefined ? '' : `keeps messages ${args['x-message-ttl'] / 1000} s`,
		].filter(Boolean).join(', '),
		idle: 'idle',
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
	},
	stream: {
		live: 'Connected to the broker',
		broken: (reason) => `The broker is not in reach (${reason}). The page connects again by itself.`,
		absent: 'This broker does not tell what happens to each message, as the embedded broker does. What moves here is what the services say they received; the numbers are the broker’s, some seconds old.',
	},
	legend: {
		title: 'What a message looks like',
		transient: 'not persistent',
		persistent: 'persistent',
		redelivered: 'delivered before',
		dead: 'dead letter',
	},
	lesson: {
		happened: 'What just happened',
		nothing: 'Nothing yet. Send something.',
		controls: 'Try it',
		experiments: 'Break it',
		send: 'Do it',
		curl: 'As a command',
		copy: 'Copy',
		copied: 'Copied',
		java: 'The Java that does it',
		javaOf: (name) => `${name}.java`,
		status: (status, text) => `${status} ${text}`,
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
					explain: ({ id, count, by }) => `${id} got it ${count === 1 ? 'once' : `${count} times`}. Both keys match, but an exchange decides for each queue whether it gets a message, not how often; here it says that “${by}” was the binding that decided. Whoever wants two copies needs two queues.`,
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
	},
	experiment: {
		think: 'Think first',
		watch: 'Look at',
		run: 'Run the experiment',
		running: 'Running…',
		after: 'things are put back as they were',
		notPutBack: (reason) => `Not all is as it was before: ${reason}`,
		script: 'As a script',
		explanation: 'What happened, and why',
		failed: (reason) => `It did not get to the end: ${reason}`,
		waiting: (what) => `Waiting: ${what}`,
	},
};

