/**
 * Tutorial 7: how a publisher knows that the broker has a message.
 */

import { fault } from './broker.js';
import { QUEUE, acknowledged, delivered, sendTask, withWorkers, workers } from './workers.js';

const STRATEGIES = ['individual', 'batch', 'async'];

const batch = (confirm, count) => ({ service: 'work-queue', method: 'POST', path: `/tasks/batch?confirm=${confirm}`,
	json: Array.from({ length: count }, (_, index) => `task ${index + 1}`) });

const MANY = 300;

/** A fault is for the next message, whoever sends it: the service tells of tasks with messages, too. */
const QUIET = { pause: 1000 };

export default {
	id: 'publisher-confirms',
	service: 'work-queue',
	confirms: true,
	producers: { 'work-queue-service': [''] },
	scope: {
		exchange: (name) => name === '',
		queue: (name) => name === QUEUE,
		publishes: (event) => (event.exchange ?? '') === '' && event.routingKey === QUEUE,
	},
	controls: [
		{
			id: 'send',
			fields: [{ id: 'text', value: 'Is it there?' }],
			request: ({ text }) => sendTask(text),
			java: ['Sender', 'return Confirmation.of(correlation)'],
		},
		{
			id: 'individual',
			fields: [{ id: 'count', type: 'number', value: '10' }],
			request: ({ count }) => batch('individual', clamped(count)),
			java: ['PublisherConfirms', 'inBatchesOf(1, tasks'],
		},
		{
			id: 'batch',
			fields: [{ id: 'count', type: 'number', value: '10' }],
			request: ({ count }) => batch('batch', clamped(count)),
			java: ['PublisherConfirms', 'batch.forEach(confirmed)'],
		},
		{
			id: 'async',
			fields: [{ id: 'count', type: 'number', value: '10' }],
			request: ({ count }) => batch('async', clamped(count)),
			java: ['PublisherConfirms', 'outstanding.subMap('],
		},
		{
			id: 'queue',
			request: () => ({ service: 'work-queue', method: 'GET', path: '/queue' }),
			java: ['SimpleConfirms', 'simple.setPublisherConfirmType(ConfirmType.SIMPLE)'],
		},
	],
	experiments: [
		{
			id: 'lose-confirm',
			steps: [
				...withWorkers(2),
				QUIET,
				{ do: (context) => context.call(fault({ fault: 'lose-confirm' })), script: (curl) => curl(fault({ fault: 'lose-confirm' })) },
				{ request: sendTask('Did it arrive?') },
				{ until: ({ events }) => acknowledged(events).length > 0, waiting: 'done' },
			],
			after: [workers.asBefore(0)],
			facts: ({ events, answers: [{ status, body }] }) => {
				const published = events.find((event) => event.what === 'published');
				return {
					status,
					detail: body?.detail,
					worker: delivered(events).find(({ message }) => message === published?.message)?.consumer,
					isConfirmed: events.some((event) => event.what === 'confirmed' && event.message === published?.message),
				};
			},
		},
		{
			id: 'nack',
			steps: [
				...withWorkers(2),
				QUIET,
				{ do: (context) => context.call(fault({ fault: 'nack' })), script: (curl) => curl(fault({ fault: 'nack' })) },
				{ request: sendTask('Do you take it?') },
				{ request: sendTask('And this one?') },
				{ until: ({ events }) => acknowledged(events).length > 0, waiting: 'done' },
			],
			after: [workers.asBefore(0)],
			facts: ({ events, answers: [refused, taken] }) => ({ status: refused.status, detail: refused.body?.detail, next: taken.status,
				deliveries: delivered(events).length }),
		},
		{
			id: 'three-ways',
			steps: [
				...withWorkers(2),
				...STRATEGIES.map((confirm) => ({
					do: async (context) => context.answers.push(await context.send(batch(confirm, MANY))),
					script: (curl) => curl(batch(confirm, 1)).replace(`'["task 1"]'`, `"[$(seq -s, -f '"task %g"' ${MANY})]"`),
				})),
				{ until: ({ state }) => state.ready(QUEUE) === 0 && state.unacknowledged(QUEUE) === 0, waiting: 'done' },
			],
			after: [workers.asBefore(0)],
			facts: ({ answers }) => ({ count: MANY, ways: answers.map(({ body }) => body).filter((body) => body?.confirm) }),
		},
	],
};

/** So many at once as there is room for on the screen. */
function clamped(count) {
	return Math.max(1, Math.min(500, Math.floor(Number(count)) || 1));
}
