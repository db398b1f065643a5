/**
 * Plays the events of the log on the drawing: as they come, slowly, one by one, or again from an earlier point.
 */

import { REDUCED_MOTION, wayOf } from './drawing.js';
import { BrokerState, RECONNECTED } from './model.js';
import { bindingLabel, exchangeId, queueId } from './topology.js';

/** How long a message is on a line, in milliseconds of the page's own time. */
const FLIGHT = 650;

/** How long a message falls that is lost, in milliseconds of the page's own time. */
const FALL = 1400;

/** From so many published messages a second on, only some are drawn on their way. */
const THINNED_FROM = 200;

const MOST_FLIGHTS = 60;

/** Then, the drawing moves this often, in milliseconds: the broker may need the processor. */
const CROWDED_FRAME = 60;

/** When events are played again, the longest break between two of them is cut to this. */
const LONGEST_BREAK = 700;

const CLEARING = [RECONNECTED, 'purged', 'queue-deleted'];

export class Player {

	/** What the drawing shows. */
	shown = new BrokerState();

	/** What it shows when all events have been played. */
	latest = new BrokerState();

	/** 'live', 'paused' or 'replay' */
	mode = 'live';

	speed = 1;

	#log;

	#drawing;

	#changed;

	/** What was before the oldest event of the log. */
	#floor = new BrokerState();

	#position = 0;

	#clock = 0;

	#lastFrame;

	#stepping = false;

	#showsConfirms;

	/** message, or message and queue -> the end of what it is doing in the drawing */
	#chains = new Map();

	#due = 0;

	#published = [];

	/**
	 * @param changed is called when something else is to be shown, with the events that have just been played
	 */
	constructor(log, drawing, changed, showsConfirms = false) {
		this.#showsConfirms = showsConfirms;
		this.#log = log;
		this.#drawing = drawing;
		this.#changed = changed;
		requestAnimationFrame((now) => this.#frame(now));
	}

	get position() {
		return this.#position;
	}

	/** Whether so much happens now that not all of it is drawn. */
	get isCrowded() {
		return this.mode === 'live' && this.#published.length >= THINNED_FROM;
	}

	/** Whether all that happened has been shown to its end. */
	get isAtRest() {
		return this.#position === this.#log.end && this.#chains.size === 0;
	}

	/** Takes events in. */
	add(events) {
		const now = performance.now();
		for (const event of events) {
			this.latest.apply(event);
			if (event.what === 'published') {
				this.#published.push(now);
			}
		}
		this.#forgetRate(now);
		for (const forgotten of this.#log.add(events)) {
			this.#floor.apply(forgotten);
		}
		if (this.#position < this.#log.first) {
			// Behind for so long that what comes next has been forgotten.
			const { mode } = this;
			this.seek(this.#log.first);
			this.mode = mode;
			this.#due = this.#clock;
		}
		if (this.mode === 'live' || (document.hidden && this.mode === 'replay')) {
			this.#playAllDue();
		}
		else {
			this.#changed([]);
		}
	}

	#forgetRate(now) {
		const recent = this.#published.findIndex((time) => time >= now - 1000);
		this.#published.splice(0, recent < 0 ? this.#published.length : recent);
	}

	pause() {
		this.mode = 'paused';
		this.#changed([]);
	}

	/** Goes on from where it stands. */
	play() {
		this.mode = this.#position < this.#log.end ? 'replay' : 'live';
		this.#due = this.#clock;
		this.#changed([]);
	}

	/** Shows what is now. */
	live() {
		if (this.mode !== 'live' || !this.isAtRest) {
			this.seek(this.#log.end);
		}
		this.mode = 'live';
		this.#changed([]);
	}

	/** Plays one event, and stands still again. */
	step() {
		this.mode = 'paused';
		const event = this.#log.at(this.#position);
		if (event) {
			this.#stepping = true;
			this.#play(event, ++this.#position);
			this.#changed([event]);
		}
	}

	/** Shows what was before the event at a position. */
	seek(position) {
		this.mode = 'paused';
		this.#position = Math.min(this.#log.end, Math.max(this.#log.first, position));
		this.#chains.clear();
		this.#drawing.land();
		this.shown = this.#stateAt(this.#position);
		this.#changed([]);
	}

	#stateAt(position) {
		const state = this.#floor.copy();
		this.#log.slice(this.#log.first, position).forEach((event) => state.apply(event));
		return state;
	}

	#frame(now) {
		requestAnimationFrame((next) => this.#frame(next));
		if (this.isCrowded && now - this.#lastFrame < CROWDED_FRAME) {
			return;
		}
		this.#forgetRate(now);
		const passed = Math.min(100, now - (this.#lastFrame ?? now));
		this.#lastFrame = now;
		if (this.mode !== 'paused' || this.#stepping) {
			this.#clock += passed * this.speed;
			if (this.mode === 'replay') {
				this.#replay();
			}
			this.#drawing.tick(this.#clock);
			this.#stepping &&= this.#chains.size > 0 || this.#drawing.flightCount > 0;
		}
	}

	#playAllDue() {
		const played = this.#log.slice(this.#position);
		played.forEach((event) => this.#play(event, ++this.#position));
		this.#changed(played);
	}

	#replay() {
		const played = [];
		while (this.#clock >= this.#due) {
			const event = this.#log.at(this.#position);
			if (!event) {
				this.mode = 'live';
				break;
			}
			played.push(event);
			this.#play(event, ++this.#position);
			const next = this.#log.at(this.#position);
			this.#due += next ? Math.min(LONGEST_BREAK, Math.max(0, next.time - event.time)) : 0;
		}
		if (played.length > 0 || this.mode === 'live') {
			this.#changed(played);
		}
	}

	/**
	 * What one message does is shown in turn; what different messages do, and the copies of one in different queues, at
	 * the same time.
	 */
	#play(event, position) {
		if (event.message === undefined) {
			if (CLEARING.includes(event.what) && this.#chains.size > 0) {
				// What is still on its way to the queue must not arrive after that.
				this.#chains.clear();
				this.#drawing.land();
				this.shown = this.#stateAt(position);
			}
			else {
				this.shown.apply(event);
			}
			return;
		}
		const inQueue = `${event.message}\n${event.queue}`;
		const before = this.#chains.get(inQueue) ?? this.#chains.get(event.message);
		// A dead letter goes on from here, to other queues.
		const key = event.queue === undefined || event.what === 'dead-lettered' ? event.message : inQueue;
		if (!before && !this.#isDrawn(event)) {
			this.shown.apply(event);
			return;
		}
		const shown = this.shown;
		const chain = (before ?? Promise.resolve()).then(async () => {
			// After a jump to another point there is another state, which has this event already, or will have.
			if (shown === this.shown) {
				await this.#draw(event);
			}
		});
		this.#chains.set(key, chain);
		chain.then(() => {
			if (this.#chains.get(key) === chain) {
				this.#chains.delete(key);
				this.#changed([]);
			}
		});
	}

	#isDrawn(event) {
		if (document.hidden || REDUCED_MOTION.matches) {
			return false;
		}
		// What comes back is rare, and what people look for.
		if ((event.what === 'requeued' || event.redelivered) && this.#chains.size < 2 * MOST_FLIGHTS) {
			return true;
		}
		const rate = this.#published.length;
		if (rate >= THINNED_FROM && event.message % Math.ceil(rate / 20) !== 0) {
			return false;
		}
		return this.#chains.size < MOST_FLIGHTS;
	}

	async #draw(event) {
		const shown = this.shown;
		const published = event.what === 'published' ? event : this.#log.published(event.message);
		const isDead = event.what === 'dead-lettered' || shown.dead.has(event.message);
		const look = lookOf(event.message, published, event.redelivered, isDead);
		const way = wayOf(event, published);
		// It leaves the queue when it sets out, and is in the queue when it has arrived.
		if (event.what === 'delivered') {
			this.#apply(shown, event);
		}
		if (event.what === 'unroutable') {
			this.#lose(exchangeId(published?.exchange ?? event.exchange ?? ''), event, look);
		}
		if (event.what === 'expired' || event.what === 'dropped') {
			this.#lose(queueId(event.queue), event, look);
		}
		if (event.what === 'rejected') {
			this.#drawing.flash(queueId(event.queue), 'bad');
		}
		if (event.what === 'routed') {
			this.#drawing.flashKey(way[0], bindingLabel({ ...event.binding, key: event.binding?.routingKey }));
		}
		if (event.what === 'confirmed' && this.#showsConfirms && way) {
			// Nothing waits for it: the message goes on meanwhile.
			this.#drawing.fly(way[0], event.message, { classes: 'confirm' }, FLIGHT, true);
		}
		else if (way && event.what !== 'confirmed') {
			await this.#drawing.fly(way[0], event.message, look, FLIGHT, way[1]);
		}
		if (event.what !== 'delivered') {
			this.#apply(shown, event);
		}
	}

	/** Nobody gets it from there, unless it goes on: back to its sender, or as a dead letter. */
	#lose(nodeId, event, look) {
		this.#drawing.flash(nodeId, 'bad');
		if (!this.#log.ofMessage(event.message).some(({ what }) => what === 'returned' || what === 'dead-lettered')) {
			this.#drawing.fall(nodeId, event.message, look, FALL);
		}
	}

	#apply(shown, event) {
		if (shown === this.shown) {
			shown.apply(event);
			this.#changed([]);
		}
	}

}

/**
 * A function that draws in the browser's next frame, however often it is called until then, or somewhat later when so
 * much happens that nobody could read more.
 */
export function drawnSoon(player, draw) {
	let isNext = false;
	let later;
	const next = () => {
		clearTimeout(later);
		later = undefined;
		if (!isNext) {
			isNext = true;
			requestAnimationFrame(() => {
				isNext = false;
				draw();
			});
		}
	};
	return () => {
		// Whoever stops the drawing sees so at once.
		if (!player().isCrowded) {
			next();
		}
		else {
			later ??= setTimeout(next, CROWDED_FRAME);
		}
	};
}

/** What a message looks like, and what it is called. */
export function lookOf(number, published, cameBack = false, isDead = false) {
	// A message from before the page was opened, or the broker restarted, may be either.
	const isKnown = published !== undefined;
	const persistent = published?.persistent === true || !isKnown;
	const dead = isDead || published?.properties?.headers?.['x-death'] !== undefined
		|| published?.properties?.headers?.['x-first-death-queue'] !== undefined
		// Spring AMQP says so of what it puts among the dead letters.
		|| published?.properties?.headers?.['x-exception-message'] !== undefined;
	const classes = [!isKnown ? 'unknown' : persistent ? 'persistent' : 'transient', cameBack ? 'redelivered' : '', dead ? 'dead' : '']
		.filter(Boolean)
		.join(' ');
	return { persistent, cameBack, classes, label: published?.body || `#${shownNumber(number)}` };
}

/** Messages of a broker that was started again have the same numbers as before; this page tells them apart. */
export const NUMBERS_A_BROKER = 1e12;

export const shownNumber = (number) => number % NUMBERS_A_BROKER;
