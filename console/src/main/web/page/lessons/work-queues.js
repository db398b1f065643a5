/**
 * Tutorial 2: tasks that are shared out among workers.
 */

import { RECONNECTED } from '../../parts/model.js';
import {
	EXPERIMENT, bind, declareExchange, declareQueue, deleteEmptyQueue, deleteExchange, deleteQueue, isOfAnExperiment, peek, publish, queue, without,
} from './broker.js';
import {
	DEAD_LETTERS, QUEUE, acknowledged, delivered, dispatch, isTask, sendTask, setPrefetch, withWorkers, workers,
} from './workers.js';

const NOT_DURABLE = `${EXPERIMENT}transient`;

const WAITING = `${EXPERIMENT}waiting`;

const EXPIRED = `${EXPERIMENT}expired`;

const DEAD_LETTER_EXCHANGE = `${EXPERIMENT}dlx`;

const SLOW = 'slow.....';

const QUICK = 6;

const deadLetters = { service: 'work-queue', method: 'GET', path: '/dead-letters' };

const deadLetter = (id, method = 'DELETE', what = '') =>
	({ service: 'work-queue', method, path: `/dead-letters/${encodeURIComponent(id)}${what}` });

const serviceQueue = { service: 'work-queue', method: 'GET', path: '/queue' };

const deleteTaskQueue = (force) => ({ service: 'work-queue', method: 'DELETE', path: `/queue${force ? '?force=true' : ''}` });

/** The task queue as the service would not declare it. */
const OTHER_QUEUE = declareQueue(QUEUE, { durable: true, arguments: { 'x-message-ttl': 60_000 } });

const isRefusal = ({ what, reason }) => what === 'channel-closed' && reason?.startsWith('PRECONDITION_FAILED') === true;

const letters = (events) => events.filter((event) => event.what === 'routed' && event.queue === DEAD_LETTERS);

const seconds = (one, other) => (one && other ? (other.time - one.time) / 1000 : undefined);

/** A slow task and some quick ones, with a prefetch. */
const slowAndQuick = (prefetch, done) => [
	{ request: setPrefetch(prefetch) },
	{ request: sendTask(SLOW) },
	...Array.from({ length: QUICK }, (_, index) => ({ request: sendTask(`quick ${index + 1}`) })),
	{ until: ({ events }) => acknowledged(events).length >= done, waiting: 'done' },
	{ pause: 1000 },
];

/** How it went: who got the slow task, how many quick ones went to the same worker, how long the last one took. */
function dealt(events, nth) {
	const tasks = events.filter((event) => event.what === 'published' && event.routingKey === QUEUE)
		.slice(nth * (QUICK + 1), (nth + 1) * (QUICK + 1));
	const [slow, ...quick] = tasks.map(({ message }) => ({
		by: delivered(events).findLast((event) => event.message === message)?.consumer,
		done: acknowledged(events).find((event) => event.message === message),
	}));
	const last = quick.map(({ done }) => done).filter(Boolean).toSorted((one, other) => one.time - other.time).at(-1);
	return { worker: slow?.by, behind: quick.filter(({ by }) => by === slow?.by).length, took: seconds(tasks[1], last) };
}

export default {
	id: 'work-queues',
	service: 'work-queue',
	producers: { 'work-queue-service': [''] },
	scope: {
		exchange: (name) => name === '' || isOfAnExperiment(name),
		queue: (name) => name === QUEUE || name === DEAD_LETTERS || isOfAnExperiment(name),
		publishes: (event) => isTask(event) || isOfAnExperiment(event.exchange ?? ''),
	},
	controls: [
		{
			id: 'send',
			fields: [{ id: 'text', value: 'Fifth message.....' }],
			request: ({ text }) => sendTask(text),
			java: ['Sender', 'this.template.send('],
		},
		{
			id: 'tasks',
			list: { service: 'work-queue', method: 'GET', path: '/tasks?limit=8' },
			java: ['Sender', '.setDeliveryMode(MessageDeliveryMode.PERSISTENT)'],
			actions: [],
		},
		{
			id: 'stream',
			follow: ['gap'],
			request: () => ({ service: 'work-queue', method: 'GET', path: '/tasks/stream', stream: true }),
		},
		{ id: 'start', request: () => workers.start, java: ['Worker', '@RabbitListener'] },
		{
			id: 'workers',
			list: workers.all,
			java: ['Worker', '@RabbitListener'],
			actions: [
				{ id: 'crash', request: ({ id }) => workers.one(id, 'POST', '/crash') },
				{ id: 'stop', request: ({ id }) => workers.one(id) },
			],
		},
		{ id: 'dispatch', request: () => dispatch },
		{
			id: 'prefetch',
			fields: [{ id: 'prefetch', type: 'number', value: '1' }],
			request: ({ prefetch }) => setPrefetch(Number(prefetch)),
			java: ['workers/Dispatch', 'this.containers.setPrefetchCount('],
		},
		{
			id: 'letters',
			onRequest: true,
			list: deadLetters,
			java: ['FailedTasks', 'new RepublishMessageRecovererWithConfirms('],
			actions: [
				{ id: 'replay', request: ({ id }) => deadLetter(id, 'POST', '/replay') },
				{ id: 'drop', request: ({ id }) => deadLetter(id) },
			],
		},
		{ id: 'dropAll', request: () => ({ service: 'work-queue', method: 'DELETE', path: '/dead-letters' }) },
		{
			id: 'queue',
			request: () => serviceQueue,
			java: ['WorkTopology', 'queues.durable(QUEUE)'],
		},
		{
			id: 'delete',
			fields: [{ id: 'force', type: 'checkbox', value: false }],
			request: ({ force }) => deleteTaskQueue(force),
			java: ['WorkTopology', 'queues.durable(QUEUE)'],
		},
	],
	experiments: [
		{
			id: 'crash',
			steps: [
				...withWorkers(2),
				{ request: setPrefetch(1) },
				{ request: sendTask('A long task....') },
				{ until: ({ events }) => delivered(events).length > 0, waiting: 'begun' },
				{ pause: 2000 },
				{
					do: (context) => context.call(workers.one(delivered(context.look().events)[0].consumer, 'POST', '/crash')),
					script: (curl) => curl(workers.one('worker-1', 'POST', '/crash')),
				},
				{ until: ({ events }) => acknowledged(events).length > 0, waiting: 'done' },
			],
			after: [workers.asBefore(1)],
			facts: ({ events }) => {
				const [first, second] = delivered(events);
				return { first: first?.consumer, second: second?.consumer, redelivered: second?.redelivered,
					reason: events.find((event) => event.what === 'requeued')?.reason,
					worked: seconds(first, second), took: seconds(first, acknowledged(events)[0]) };
			},
		},
		{
			id: 'prefetch',
			steps: [...withWorkers(2), ...slowAndQuick(250, QUICK + 1), ...slowAndQuick(1, 2 * (QUICK + 1))],
			after: [
				{
					do: (context) => (context.notes.prefetch === undefined ? undefined
						: context.call(setPrefetch(context.notes.prefetch))),
					script: (curl) => curl(setPrefetch(1)),
				},
				workers.asBefore(0),
			],
			facts: ({ events }) => ({ count: QUICK, many: dealt(events, 0), one: dealt(events, 1) }),
		},
		{
			id: 'restart',
			needsNoEvents: true,
			steps: [
				...withWorkers(0),
				{ request: declareQueue(NOT_DURABLE, { durable: false }) },
				{ request: sendTask('persistent, in a durable queue') },
				{ request: publish(QUEUE, 'not persistent, in a durable queue', false) },
				{ request: publish(NOT_DURABLE, 'persistent, in a queue that is not durable', true) },
				{ until: ({ state }) => state.ready(QUEUE) >= 2 && state.ready(NOT_DURABLE) >= 1, waiting: 'inQueues' },
				{ pause: 2000 },
				{ restart: true },
				{ until: async ({ send }) => (await send(queue(QUEUE))).status === 200, waiting: 'back' },
				{
					do: async (context) => {
						context.notes.survivors = (await context.call(peek(QUEUE, 10))).map(({ payload }) => payload);
						context.notes.isQueueGone = (await context.send(queue(NOT_DURABLE))).status === 404;
					},
					script: (curl) => `${curl(peek(QUEUE, 10))}\n${curl(queue(NOT_DURABLE))}`,
				},
				{ pause: 1500 },
			],
			after: [
				// The service may not have noticed yet that the broker is there again.
				{ until: async ({ send }) => (await send(workers.all)).status === 200, waiting: 'back' },
				workers.asBefore(2),
				without(deleteQueue(NOT_DURABLE)),
			],
			facts: ({ events, notes }) => ({ ...notes, restarted: events.some(({ what }) => what === RECONNECTED) }),
		},
		{
			id: 'poison',
			steps: [
				...withWorkers(2),
				{ request: sendTask('!boom') },
				{ until: ({ events }) => letters(events).length > 0, waiting: 'dead' },
				{ pause: 2500 },
				{
					do: async (context) => {
						const { id } = context.look().answers[0].body;
						context.notes.letter = (await context.call(deadLetters)).find((letter) => letter.id === id);
					},
					script: (curl) => curl(deadLetters),
				},
			],
			after: [
				{
					do: (context) => (context.notes.letter ? context.call(deadLetter(context.notes.letter.id)) : undefined),
					script: (curl) => curl(deadLetter('ID')),
				},
				workers.asBefore(0),
			],
			facts: ({ events, notes }) => ({
				attempts: notes.letter?.attempts,
				error: notes.letter?.error,
				worker: notes.letter?.worker,
				deliveries: delivered(events).length,
				took: seconds(delivered(events)[0], letters(events)[0]),
			}),
		},
		{
			id: 'redeclare',
			steps: [
				// First with workers, so that no task is in the queue, and then without, so that nobody declares it.
				...withWorkers(2),
				{ do: (context) => workers.have(context, 0), script: (curl) => `${curl(workers.one('worker-1'))}\n${curl(workers.one('worker-2'))}` },
				{
					do: async (context) => {
						await context.call(deleteEmptyQueue(QUEUE));
						await context.call(OTHER_QUEUE);
						context.notes.isRedeclared = true;
					},
					script: (curl) => `${curl(deleteEmptyQueue(QUEUE))}\n${curl(OTHER_QUEUE)}`,
				},
				{ pause: 2500 },
				{ request: serviceQueue },
				{ until: ({ events }) => events.some(isRefusal), waiting: 'refused' },
				{ request: declareQueue(QUEUE, { durable: true, arguments: {} }) },
				{ pause: 1000 },
			],
			after: [
				// Never the queue that the service has declared: it may have tasks.
				{ do: (context) => context.notes.isRedeclared && context.call(deleteTaskQueue(true)), script: (curl) => curl(deleteTaskQueue(true)) },
				workers.asBefore(2),
			],
			facts: ({ events, answers: [asked, declared] }) => {
				const refusal = events.find(isRefusal);
				return { program: refusal?.connection, reason: refusal?.reason, declaredBy: asked.body?.declaredBy,
					status: declared.status, arguments: JSON.stringify(asked.body?.arguments) };
			},
		},
		{
			id: 'ttl',
			steps: [
				{ request: declareExchange(DEAD_LETTER_EXCHANGE, { type: 'fanout', durable: true }) },
				{ request: declareQueue(EXPIRED, { durable: true }) },
				{ request: bind(DEAD_LETTER_EXCHANGE, EXPIRED) },
				{
					request: declareQueue(WAITING, { durable: true,
						arguments: { 'x-message-ttl': 5000, 'x-dead-letter-exchange': DEAD_LETTER_EXCHANGE } }),
				},
				{ pause: 2500 },
				{ request: publish(WAITING, 'best before', true) },
				{ request: publish(WAITING, 'in five seconds', true) },
				{ until: ({ state }) => state.ready(EXPIRED) >= 2, waiting: 'expired' },
				{ pause: 1000 },
				{
					do: async (context) => {
						const [first] = await context.call(peek(EXPIRED, 1));
						context.notes.death = first?.properties?.headers?.['x-death']?.[0];
					},
					script: (curl) => curl(peek(EXPIRED, 1)),
				},
				{ pause: 1000 },
			],
			after: [without(deleteQueue(WAITING), deleteQueue(EXPIRED), deleteExchange(DEAD_LETTER_EXCHANGE))],
			facts: ({ events, notes }) => {
				const expired = events.find((event) => event.what === 'expired' && event.queue === WAITING);
				return { death: notes.death, count: events.filter(({ what, queue: name }) => what === 'routed' && name === EXPIRED).length,
					waited: seconds(events.find((event) => event.what === 'routed' && event.message === expired?.message), expired) };
			},
		},
	],
};
