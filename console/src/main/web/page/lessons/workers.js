/**
 * The workers of the work queue, and how its experiments have as many as they need.
 */

import { EXPERIMENT } from './broker.js';
import { Instances } from './instances.js';

export const QUEUE = 'task_queue';

export const DEAD_LETTERS = 'task_dead_letters';

export const sendTask = (text) => ({ service: 'work-queue', method: 'POST', path: '/tasks', text });

export const workers = new Instances('work-queue', '/workers');

export const dispatch = { service: 'work-queue', method: 'GET', path: '/dispatch' };

export const setPrefetch = (prefetch) => ({ service: 'work-queue', method: 'PUT', path: '/dispatch', json: { prefetch } });

export const isTask = (event) => (event.exchange ?? '') === ''
	&& (event.routingKey === QUEUE || event.routingKey === DEAD_LETTERS || event.routingKey?.startsWith(EXPERIMENT) === true);

const ofQueue = (events, what) => events.filter((event) => event.what === what && event.queue === QUEUE);

export const delivered = (events) => ofQueue(events, 'delivered');

export const acknowledged = (events) => ofQueue(events, 'acknowledged');

/** The steps with which an experiment begins: so many workers, which have nothing to do. */
export const withWorkers = (count) => [
	{
		do: async (context) => {
			context.notes.prefetch = (await context.call(dispatch)).prefetch;
			await workers.haveForNow(context, count);
		},
		script: (curl) => [curl(workers.all), ...(count === 0 ? [curl(workers.one('worker-1')), curl(workers.one('worker-2'))] : [])].join('\n'),
	},
	{
		until: ({ state }) => count === 0 || (state.ready(QUEUE) === 0 && state.unacknowledged(QUEUE) === 0),
		waiting: 'idle',
	},
];
