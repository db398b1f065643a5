/**
 * The workers of the work queue, and how its experiments have as many as they need.
 */

import { EXPERIMENT } from './broker.js';

export const QUEUE = 'task_queue';

export const DEAD_LETTERS = 'task_dead_letters';

export const sendTask = (text) => ({ service: 'work-queue', method: 'POST', path: '/tasks', text });

export const workers = { service: 'work-queue', method: 'GET', path: '/workers' };

export const startWorker = { service: 'work-queue', method: 'POST', path: '/workers' };

export const worker = (id, method = 'DELETE', what = '') =>
	({ service: 'work-queue', method, path: `/workers/${encodeURIComponent(id)}${what}` });

export const dispatch = { service: 'work-queue', method: 'GET', path: '/dispatch' };

export const setPrefetch = (prefetch) => ({ service: 'work-queue', method: 'PUT', path: '/dispatch', json: { prefetch } });

export const isTask = (event) => (event.exchange ?? '') === ''
	&& (event.routingKey === QUEUE || event.routingKey === DEAD_LETTERS || event.routingKey?.startsWith(EXPERIMENT) === true);

const ofQueue = (events, what) => events.filter((event) => event.what === what && event.queue === QUEUE);

export const delivered = (events) => ofQueue(events, 'delivered');

export const acknowledged = (events) => ofQueue(events, 'acknowledged');

/** Starts and stops workers until so many are running. */
export async function haveWorkers(context, count) {
	const all = await context.call(workers);
	const running = all.filter(({ state }) => state === 'running');
	for (const { id } of [...running.slice(count), ...all.filter(({ state }) => state === 'crashed')]) {
		await context.call(worker(id));
	}
	for (let missing = count - running.length; missing > 0; missing--) {
		await context.call(startWorker);
	}
}

/** The steps with which an experiment begins: so many workers, which have nothing to do. */
export const withWorkers = (count) => [
	{
		do: async (context) => {
			context.notes.workers = (await context.call(workers)).filter(({ state }) => state === 'running').length;
			context.notes.prefetch = (await context.call(dispatch)).prefetch;
			await haveWorkers(context, count);
		},
		script: (curl) => [curl(workers), ...(count === 0 ? [curl(worker('worker-1')), curl(worker('worker-2'))] : [])].join('\n'),
	},
	{
		until: ({ state }) => count === 0 || (state.ready(QUEUE) === 0 && state.unacknowledged(QUEUE) === 0),
		waiting: 'idle',
	},
];

/** The step with which it ends: as many workers as before, after it has lost some. */
export const workersAsBefore = (lost) => ({
	do: (context) => (context.notes.workers === undefined ? undefined : haveWorkers(context, context.notes.workers)),
	script: (curl) => Array(lost).fill(curl(startWorker)).join('\n'),
});
