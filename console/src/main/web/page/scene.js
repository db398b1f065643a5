/**
 * What a drawing needs to be true: the stream of events, the log, the topology, and the broker's own numbers.
 */

import { EventLog, EventStream } from '../parts/events.js';
import { CORRECTED, RECONNECTED } from '../parts/model.js';
import { NUMBERS_A_BROKER, Player } from '../parts/player.js';
import { ServiceEvents } from './service-events.js';
import { consumerId, partOf, readTopology } from '../parts/topology.js';

/** How often the page asks for what is on the broker, in milliseconds. */
const LOOK_EVERY = 2000;

/** After an event that changes what is there, it asks sooner. */
const LOOK_SOON = 150;

/** Somebody who only looks into another tab for a moment misses nothing. */
const HIDDEN_FOR = 30_000;

/** Without an event for that long, the broker's numbers and those of the events must be the same. */
const QUIET = 400;

const CHANGES = new Set(['queue-declared', 'queue-deleted', 'bound', 'consuming', 'cancelled', 'connected', 'disconnected',
	'channel-closed']);

/** Whoever comes under ever new names must not fill the page. */
const MOST_PROGRAMS = 8;

export class Scene {

	log = new EventLog();

	player;

	/** 'connecting', 'live', 'broken' or 'absent' */
	state = 'connecting';

	reason = '';

	/** How many events did not reach this page. */
	lost = 0;

	/** How often it was not connected, which it cannot count the events of. */
	gaps = 0;

	#api;

	#virtualHost;

	#scope;

	#changed;

	#service;

	#stream;

	#told;

	#part;

	#topology = { exchanges: [], queues: [], bindings: [], consumers: [] };

	/** The programs that are shown from the beginning. */
	#own;

	#producers;

	#queues = new Set();

	#ofInterest = new Set();

	/** name -> the queues that it asks for messages */
	#getters;

	/** correlation id -> where the reply to that request goes, and which consumer has the request */
	#requests = new Map();

	#broker = -1;

	#lastEvent = 0;

	#timer;

	#lookAt = Infinity;

	#isLooking = false;

	#mustCorrect = true;

	/**
	 * @param scope which part of the broker is shown: `exchange(name)`, `queue(name)`, and `publishes(event)` for what
	 * is published to an exchange that others use, too
	 * @param producers those that are shown before they have published anything: name -> exchanges
	 * @param getters those that are shown before they have asked a queue for a message: name -> queues
	 * @param service whose word is taken where the broker tells nothing of each message
	 * @param showsConfirms whether the broker's confirms are drawn
	 * @param played is told of the events that are shown
	 */
	constructor({ api, settings, scope, producers, getters, service, showsConfirms = false, drawing, changed, played }) {
		this.#api = api;
		this.#virtualHost = settings.virtualHost;
		this.#scope = scope;
		this.#changed = changed;
		this.#service = service;
		this.#producers = new Map(Object.entries(producers ?? {}).map(([name, exchanges]) => [name, new Set(exchanges)]));
		this.#own = { ...producers, ...getters };
		this.#getters = new Map(Object.entries(getters ?? {}).map(([name, queues]) => [name, new Set(queues)]));
		this.player = new Player(this.log, drawing, (events) => {
			played(events);
			changed();
		}, showsConfirms);
	}

	/**
	 * Reads the stream of events while the page is seen. A browser has six connections to the console for all its tabs,
	 * and keeps pages that were left, so those that nobody sees must not hold one.
	 */
	run() {
		let hiding;
		this.#open();
		this.look();
		document.addEventListener('visibilitychange', () => {
			clearTimeout(hiding);
			if (document.hidden) {
				hiding = setTimeout(() => this.#close(), HIDDEN_FOR);
			}
			else {
				this.#open();
				this.#lookIn(0);
			}
		});
		addEventListener('pagehide', () => this.#close());
		addEventListener('pageshow', ({ persisted }) => persisted && this.#open());
	}

	#open() {
		if (!this.#stream) {
			this.#stream = new EventStream(this.#api, ['events', this.#virtualHost], {
				events: (events) => this.#take(events),
				lost: (count) => {
					this.lost += count;
					this.#mustCorrect = true;
					this.#changed();
				},
				state: (state, reason) => this.#turn(state, reason),
			});
			this.#stream.run();
		}
	}

	#close() {
		this.#stream?.close();
		this.#stream = undefined;
		this.#told?.close();
	}

	get topology() {
		return this.#topology;
	}

	/** Whether anything is bound to an exchange, or it has been published to. */
	isUsed(exchange) {
		return [...this.#producers.values()].some((exchanges) => exchanges.has(exchange))
			|| (exchange !== '' && this.#topology.bindings.some(({ source }) => source === exchange));
	}

	/** What is to be drawn: another object only when it is something else. */
	part() {
		this.#part ??= partOf(this.#topology, {
			exchange: this.#scope.exchange,
			queue: (name) => this.#scope.queue(name),
			replies: this.#scope.replies,
		}, this.#producers, this.#getters);
		return this.#part;
	}

	/** Draws and counts by what the scope says from now on, or what is on the broker. */
	scopeChanged() {
		this.#part = undefined;
		// What is left out is no longer of interest.
		this.#queues = new Set(this.part().nodes.filter(({ kind }) => kind === 'queue').map(({ name }) => name));
	}

	#turn(state, reason) {
		if (state === 'live' && ++this.#broker > 0) {
			this.gaps++;
			this.player.add([{ what: RECONNECTED, time: Date.now() }]);
			this.#mustCorrect = true;
		}
		if (state === 'absent') {
			this.#broker++;
			this.#told = new ServiceEvents((events) => this.#take(events));
			this.#told.run(this.#service);
		}
		this.state = state;
		this.reason = reason;
		this.#lookIn(0);
		this.#changed();
	}

	#take(events) {
		const taken = [];
		for (const event of events) {
			if (event.message !== undefined) {
				event.message += this.#broker * NUMBERS_A_BROKER;
			}
			// Spring AMQP sends over a second connection.
			event.connection = event.connection?.replace(/\.publisher$/, '');
			if (this.#isOfInterest(event)) {
				taken.push(event);
			}
			if (CHANGES.has(event.what)) {
				this.#lookIn(LOOK_SOON);
			}
		}
		if (taken.length > 0) {
			this.#lastEvent = performance.now();
			this.player.add(taken);
		}
	}

	#isOfInterest(event) {
		const { what, message } = event;
		if (this.#isThereAlready(event)) {
			return false;
		}
		if (what === 'bound' && event.queue && event.binding && this.#scope.exchange(event.binding.source)) {
			this.#queues.add(event.queue);
		}
		if (what === 'published' || what === 'unroutable') {
			if (!this.#scope.exchange(event.exchange ?? '') || !(this.#scope.publishes?.(event) ?? true)) {
				return this.#ofInterest.has(message);
			}
			this.#ofInterest.add(message);
			if (this.#ofInterest.size > 20_000) {
				this.#ofInterest.delete(this.#ofInterest.values().next().value);
			}
			if (what === 'published') {
				this.#origin(event);
				if (!event.from) {
					this.#add(this.#producers, event.connection ?? '', event.exchange ?? '');
				}
			}
			return true;
		}
		if (event.queue) {
			const isShown = this.#scope.queue(event.queue) || this.#queues.has(event.queue);
			if (isShown && what === 'delivered') {
				this.#taken(event);
			}
			return isShown;
		}
		return message !== undefined ? this.#ofInterest.has(message) : what === 'channel-closed' || what === 'disconnected';
	}

	/** Whether it declares what is there: programs do that as often as they like, and nothing happens. */
	#isThereAlready({ what, queue, binding }) {
		if (what === 'queue-declared') {
			return this.#topology.queues.some(({ name }) => name === queue);
		}
		return what === 'bound' && this.#topology.bindings.some(({ source, destination, toExchange, key }) => !toExchange
			&& destination === queue && source === binding?.source && key === binding?.routingKey);
	}

	/**
	 * A reply comes from the consumer that holds the request: it has the request's correlation id, and goes where the
	 * request says.
	 */
	#origin(event) {
		const { correlationId, replyTo } = event.properties ?? {};
		const request = this.#requests.get(correlationId);
		if (request?.holder && request.replyTo === event.routingKey) {
			event.from = request.holder;
			this.#requests.delete(correlationId);
		}
		else if (correlationId && replyTo) {
			this.#requests.set(correlationId, { replyTo, message: event.message });
			if (this.#requests.size > 1000) {
				this.#requests.delete(this.#requests.keys().next().value);
			}
		}
	}

	#taken(event) {
		if (event.consumer === undefined) {
			this.#add(this.#getters, event.connection ?? '', event.queue);
			return;
		}
		const request = [...this.#requests.values()].find(({ message }) => message === event.message);
		if (request) {
			request.holder = consumerId(event.queue, event.consumer);
		}
	}

	#add(programs, name, target) {
		if (programs.get(name)?.has(target)) {
			return;
		}
		if (!programs.has(name)) {
			if (programs.size >= MOST_PROGRAMS) {
				programs.delete([...programs.keys()].find((one) => !Object.hasOwn(this.#own, one)));
			}
			programs.set(name, new Set());
		}
		programs.get(name).add(target);
		this.#part = undefined;
	}

	/** Looks then, unless it is going to sooner: who asks again and again must not put it off. */
	#lookIn(millis) {
		const at = performance.now() + millis;
		if (at < this.#lookAt) {
			this.#lookAt = at;
			clearTimeout(this.#timer);
			this.#timer = setTimeout(() => this.look(), millis);
		}
	}

	/** Asks for what is on the broker. */
	async look() {
		clearTimeout(this.#timer);
		this.#lookAt = Infinity;
		if (this.#isLooking) {
			this.#lookIn(LOOK_SOON);
			return;
		}
		this.#isLooking = true;
		const began = performance.now();
		try {
			this.#topology = await readTopology(this.#api, this.#virtualHost);
			this.scopeChanged();
			this.#correct(this.part(), began);
		}
		catch {
			// The stream says whether the broker is there.
		}
		this.#isLooking = false;
		this.#changed();
		this.#lookIn(document.hidden ? 10 * LOOK_EVERY : LOOK_EVERY);
	}

	#correct(part, began) {
		const isQuiet = this.#lastEvent < began - QUIET;
		if (this.state === 'live' && !isQuiet && !this.#mustCorrect) {
			return;
		}
		const queues = part.nodes.filter(({ kind }) => kind === 'queue');
		const difference = this.player.latest.differenceTo(queues);
		if (difference.length > 0) {
			this.player.add([{ what: CORRECTED, time: Date.now(), difference }]);
		}
		this.#mustCorrect = !isQuiet && this.#mustCorrect;
	}

}
