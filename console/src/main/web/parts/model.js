/**
 * What the drawing shows, as a function of the events so far: how many messages each queue holds, and who works on
 * which. It knows nothing of how it is drawn.
 */

/** What no broker tells: the page has lost its stream, and has a new one. */
export const RECONNECTED = 'reconnected';

/** What no broker tells, either: the page takes over the broker's own numbers. */
export const CORRECTED = 'corrected';

/** One consumer: a tag is unique for a channel only, and good enough for a queue. */
const consumerKey = (queue, tag) => `${queue}\n${tag ?? ''}`;

/**
 * Who got a message. What is taken with basic.get goes to no consumer: then it is the connection that asked for it.
 */
export const takerOf = (event) => event.consumer ?? getter(event.connection);

export const getter = (connection) => `${connection ?? ''} (basic.get)`;

/** Of a queue's messages; of those beyond it only the number is known. */
const MOST_KNOWN = 10_000;

const emptyQueue = () => ({ ready: new Map(), before: 0, held: new Map(), heldBefore: 0 });

/**
 * Makes a queue have so many more, or fewer: fewer of those from before, and then of those that are known, the oldest
 * first, since what became of them did not reach the page.
 */
function correct(queue, before, known, difference) {
	queue[before] += difference;
	for (const number of queue[known].keys()) {
		if (queue[before] >= 0) {
			break;
		}
		queue[known].delete(number);
		queue[before]++;
	}
}

export class BrokerState {

	/**
	 * name -> its messages: `ready` (number -> whether it came back), `held` (number -> consumer key), and how many there
	 * are besides, which came before the page was opened.
	 */
	queues = new Map();

	/** what happened -> how often */
	counts = new Map();

	/** The numbers of messages that are dead letters. */
	dead = new Set();

	copy() {
		const copy = new BrokerState();
		for (const [name, queue] of this.queues) {
			copy.queues.set(name, { ...queue, ready: new Map(queue.ready), held: new Map(queue.held) });
		}
		copy.counts = new Map(this.counts);
		copy.dead = new Set(this.dead);
		return copy;
	}

	count(what) {
		return this.counts.get(what) ?? 0;
	}

	ready(name) {
		const queue = this.queues.get(name);
		return queue ? Math.max(0, queue.before + queue.ready.size) : 0;
	}

	unacknowledged(name) {
		const queue = this.queues.get(name);
		return queue ? Math.max(0, queue.heldBefore + queue.held.size) : 0;
	}

	/** The numbers of the messages that a consumer holds. */
	heldBy(queueName, tag) {
		const key = consumerKey(queueName, tag);
		return [...(this.queues.get(queueName)?.held ?? [])].filter(([, holder]) => holder === key).map(([number]) => number);
	}

	/**
	 * What is to be corrected, so that this says of the queues what the broker itself says: they have messages from
	 * before the page was opened, or from events that were lost on the way here. Nothing if all is right.
	 */
	differenceTo(queues) {
		return queues
			.map(({ name, ready, unacknowledged }) => ({
				queue: name,
				ready: ready - this.#exactly(name, 'before', 'ready'),
				unacknowledged: unacknowledged - this.#exactly(name, 'heldBefore', 'held'),
			}))
			.filter(({ ready, unacknowledged }) => ready !== 0 || unacknowledged !== 0);
	}

	#exactly(name, before, known) {
		const queue = this.queues.get(name);
		return queue ? queue[before] + queue[known].size : 0;
	}

	#queue(name) {
		if (!this.queues.has(name)) {
			this.queues.set(name, emptyQueue());
		}
		return this.queues.get(name);
	}

	apply(event) {
		this.counts.set(event.what, this.count(event.what) + 1);
		if (event.what === RECONNECTED) {
			// The broker may be another one, or have lost what it did not keep.
			this.queues.clear();
			return;
		}
		if (event.what === CORRECTED) {
			for (const { queue, ready, unacknowledged } of event.difference) {
				correct(this.#queue(queue), 'before', 'ready', ready);
				correct(this.#queue(queue), 'heldBefore', 'held', unacknowledged);
			}
			return;
		}
		if (event.message !== undefined && event.queue) {
			this.#applyToQueue(event, this.#queue(event.queue));
		}
		else if (event.what === 'purged') {
			const queue = this.#queue(event.queue);
			queue.ready.clear();
			queue.before = 0;
		}
		else if (event.what === 'queue-deleted') {
			this.queues.delete(event.queue);
		}
		else if (event.what === 'queue-declared') {
			this.#queue(event.queue);
		}
	}

	#applyToQueue(event, queue) {
		if (event.told) {
			// By a service, in its own time: of what is in a queue the broker's numbers are truer.
			return;
		}
		const number = event.message;
		switch (event.what) {
			case 'routed':
				this.#add(queue, number, false);
				break;
			case 'delivered':
				this.#take(queue, number);
				if (!event.noAck) {
					queue.held.set(number, consumerKey(event.queue, takerOf(event)));
				}
				break;
			case 'acknowledged':
			case 'rejected':
				this.#letGo(queue, number);
				break;
			case 'requeued':
				this.#letGo(queue, number);
				this.#add(queue, number, true);
				break;
			case 'expired':
			case 'dropped':
			case 'delivery-limit':
				if (queue.ready.has(number)) {
					queue.ready.delete(number);
				}
				else if (!queue.held.delete(number)) {
					queue.before--;
				}
				break;
			case 'dead-lettered':
				this.dead.add(number);
				if (this.dead.size > MOST_KNOWN) {
					this.dead.delete(this.dead.values().next().value);
				}
				break;
			default:
		}
	}

	#add(queue, number, cameBack) {
		queue.ready.set(number, cameBack);
		if (cameBack) {
			// To where it was, and numbers are in the order in which messages came.
			queue.ready = new Map([...queue.ready].sort(([one], [other]) => one - other));
		}
		if (queue.ready.size > MOST_KNOWN) {
			queue.ready.delete(queue.ready.keys().next().value);
			queue.before++;
		}
	}

	#take(queue, number) {
		if (!queue.ready.delete(number)) {
			queue.before--;
		}
	}

	#letGo(queue, number) {
		if (!queue.held.delete(number)) {
			queue.heldBefore--;
		}
	}

}
