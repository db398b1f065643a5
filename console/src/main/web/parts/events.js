/**
 * The broker's events, as they happen: read from the stream of the embedded broker, and kept, the last 10,000.
 */

const MOST_EVENTS = 10_000;

/**
 * The last events. Positions count from the first event that this page ever got, so that they stay what they are when
 * the oldest are forgotten.
 */
export class EventLog {

	#events = [];

	#first = 0;

	/** number -> the event in which the message was published */
	#published = new Map();

	/** The position of the oldest event that is still here. */
	get first() {
		return this.#first;
	}

	/** The position after the newest event. */
	get end() {
		return this.#first + this.#events.length;
	}

	at(position) {
		return this.#events[position - this.#first];
	}

	/**
	 * Adds events, and returns those that were forgotten for them, oldest first.
	 */
	add(events) {
		for (const event of events) {
			this.#events.push(event);
			if (event.what === 'published') {
				this.#published.set(event.message, event);
			}
		}
		const surplus = this.#events.length - MOST_EVENTS;
		// A tenth at once: each time the array is moved.
		if (surplus < MOST_EVENTS / 10) {
			return [];
		}
		this.#first += surplus;
		const forgotten = this.#events.splice(0, surplus);
		for (const event of forgotten) {
			if (event.what === 'published') {
				this.#published.delete(event.message);
			}
		}
		return forgotten;
	}

	/** All events from one position to another, the first one included. */
	slice(from, to = this.end) {
		return this.#events.slice(Math.max(0, from - this.#first), Math.max(0, to - this.#first));
	}

	/** The message as it was published, if that is still known. */
	published(number) {
		return this.#published.get(number);
	}

	/** What is known of one message, oldest first. */
	ofMessage(number) {
		return this.#events.filter((event) => event.message === number);
	}

}

/**
 * Reads the stream of events for as long as the page is open, and connects again when it breaks.
 *
 * `listener` has `events(array)`, `lost(number)` and `state('live' | 'broken' | 'absent', reason)`; absent means that
 * this broker tells no events, as RabbitMQ does not.
 */
export class EventStream {

	#api;

	#path;

	#listener;

	#stop = new AbortController();

	constructor(api, path, listener) {
		this.#api = api;
		this.#path = path;
		this.#listener = listener;
	}

	async run() {
		let pause = 500;
		while (!this.#stop.signal.aborted) {
			let reason = 'the stream ended';
			try {
				const { product_name: product } = await this.#api.get('overview', { signal: this.#stop.signal });
				if (product !== 'Warren') {
					this.#listener.state('absent', '');
					return;
				}
				const response = await fetch(this.#api.address(this.#path), {
					headers: { Accept: 'text/event-stream', ...this.#api.headers() },
					credentials: 'omit',
					cache: 'no-store',
					signal: this.#stop.signal,
				});
				if (response.ok) {
					pause = 500;
					await readEvents(response.body, (type, value) => this.#event(type, value));
				}
				else {
					reason = `status ${response.status}`;
				}
			}
			catch (failure) {
				reason = failure.message;
			}
			if (!this.#stop.signal.aborted) {
				this.#listener.state('broken', reason);
				await new Promise((resolve) => setTimeout(resolve, pause));
				pause = Math.min(pause * 2, 5000);
			}
		}
	}

	close() {
		this.#stop.abort();
	}

	#event(type, value) {
		if (type === 'events') {
			this.#listener.events(value);
		}
		else if (type === 'lost') {
			this.#listener.lost(value);
		}
		else if (type === 'start') {
			this.#listener.state('live', '');
		}
	}

}

/**
 * Reads server-sent events from the body of an answer, to its end. They are JSON.
 * @param told is given the type and the value of each
 */
export async function readEvents(body, told) {
	const reader = body.pipeThrough(new TextDecoderStream()).getReader();
	let rest = '';
	try {
		for (;;) {
			const { value, done } = await reader.read();
			if (done) {
				return;
			}
			rest += value;
			const blocks = rest.split('\n\n');
			rest = blocks.pop();
			blocks.forEach((block) => readEvent(block, told));
		}
	}
	finally {
		// The connection, too, and there are few.
		reader.cancel().catch(() => {});
	}
}

function readEvent(block, told) {
	let type = 'message';
	const data = [];
	for (const line of block.split('\n')) {
		if (line.startsWith('event:')) {
			type = line.slice(6).trim();
		}
		else if (line.startsWith('data:')) {
			data.push(line.slice(5));
		}
	}
	if (data.length > 0) {
		told(type, JSON.parse(data.join('\n')));
	}
}
