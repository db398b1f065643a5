/**
 * What the services tell of the messages they received: all there is where the broker tells nothing of each message, as
 * RabbitMQ does not. It is less: nothing of what nobody received, and nothing of when a message came to its queue.
 */

import { readEvents } from '../parts/events.js';
import { send } from './requests.js';

const ASK_EVERY = 1000;

/** Of each subscription, at most so many lines at once. */
const MOST_LINES = 100;

/** So many messages are remembered as known. */
const MOST_KNOWN = 10_000;

export class ServiceEvents {

	#take;

	#stop = new AbortController();

	#numbers = new Map();

	#next = 1;

	/** subscription -> the ids of the lines that it has had */
	#seen = new Map();

	/**
	 * @param take is given the events
	 */
	constructor(take) {
		this.#take = take;
	}

	close() {
		this.#stop.abort();
	}

	#again(action) {
		setTimeout(() => this.#stop.signal.aborted || action(), ASK_EVERY);
	}

	/** Reads what a service tells, for as long as the page is open. */
	run(service) {
		switch (service) {
			case 'hello':
				this.#read('/hello/messages/stream', (message) => this.#received(message.id, 'hello-service', '', 'hello',
					'hello', message.receiver, message));
				break;
			case 'work-queue':
				this.#read('/work-queue/tasks/stream', (task) => this.#task(task));
				break;
			case 'logs':
				this.#subscriptions();
				break;
			default:
		}
	}

	/** By asking: a browser has six connections to the console in all, and a stream for each subscription would take them. */
	async #subscriptions() {
		const { status, body } = await send({ service: 'logs', method: 'GET', path: '/subscriptions' });
		if (status === 200) {
			for (const subscription of body) {
				await this.#lines(subscription);
			}
		}
		this.#again(() => this.#subscriptions());
	}

	async #lines({ id, exchange, queue, bindingKeys }) {
		const path = `/subscriptions/${encodeURIComponent(id)}/messages?limit=${MOST_LINES}`;
		const { status, body } = await send({ service: 'logs', method: 'GET', path });
		if (status !== 200) {
			return;
		}
		const seen = this.#seen.get(id);
		this.#seen.set(id, new Set(body.map((line) => line.id)));
		// What was there before the page is not news.
		for (const line of seen ? body.filter((one) => !seen.has(one.id)).reverse() : []) {
			this.#received(line.id, 'logs-service', exchange, line.routingKey, queue, id, { ...line, text: line.message },
				bindingKeys?.join(', '));
		}
	}

	async #read(path, told) {
		try {
			const response = await fetch(path, { headers: { Accept: 'text/event-stream' }, cache: 'no-store',
				signal: this.#stop.signal });
			if (response.ok) {
				await readEvents(response.body, (type, data) => {
					if (type === 'message') {
						told(data);
					}
				});
			}
		}
		catch {
			// It is asked again.
		}
		this.#again(() => this.#read(path, told));
	}

	/** @return the number of a message, and whether it is a new one */
	#numberOf(id) {
		const known = this.#numbers.get(id);
		if (known !== undefined) {
			return [known, false];
		}
		const number = this.#next++;
		this.#numbers.set(id, number);
		if (this.#numbers.size > MOST_KNOWN) {
			this.#numbers.delete(this.#numbers.keys().next().value);
		}
		return [number, true];
	}

	#received(id, connection, exchange, routingKey, queue, consumer, { text, size, properties, redelivered }, bindingKey) {
		const [message, isNew] = this.#numberOf(id ?? `${this.#next}`);
		const common = { message, queue, exchange, routingKey };
		this.#tell(
			isNew && { what: 'published', message, exchange, routingKey, connection, body: text, size, properties,
				persistent: properties?.deliveryMode === 2 },
			{ what: 'routed', ...common, binding: { source: exchange, routingKey: bindingKey ?? routingKey } },
			{ what: 'delivered', ...common, consumer, redelivered },
			{ what: 'acknowledged', ...common },
		);
	}

	#task({ id, text, state, worker, redeliveries }) {
		const queue = 'task_queue';
		const [message, isNew] = this.#numberOf(id);
		const common = { message, queue, exchange: '', routingKey: queue };
		this.#tell(
			isNew && { what: 'published', message, exchange: '', routingKey: queue, connection: 'work-queue-service', body: text,
				persistent: true },
			isNew && { what: 'routed', ...common, binding: { source: '', routingKey: queue } },
			state === 'working' && { what: 'delivered', ...common, consumer: worker, redelivered: redeliveries > 0 },
			state === 'done' && { what: 'acknowledged', ...common },
			state === 'dead' && { what: 'rejected', ...common },
		);
	}

	#tell(...events) {
		this.#take(events.filter(Boolean).map((event) => ({ time: Date.now(), told: true, ...event })));
	}

}
