/**
 * Draws producers, exchanges, queues and consumers from left to right, or on a narrow page from top to bottom, and
 * moves messages along the lines between them. Names and texts are only ever set as text.
 */

import { consumerId, exchangeId, producerId, queueId } from './topology.js';

const SVG = 'http://www.w3.org/2000/svg';

const SIZES = { producer: [148, 44], exchange: [132, 56], queue: [208, 64], consumer: [148, 52] };

const GAP = 26;

const NARROW = 640;

const SLOTS = 10;

function element(name, attributes = {}, ...children) {
	const created = document.createElementNS(SVG, name);
	for (const [key, value] of Object.entries(attributes)) {
		created.setAttribute(key, value);
	}
	created.append(...children);
	return created;
}

function text(content, attributes) {
	const created = element('text', attributes);
	created.textContent = content;
	return created;
}

const short = (name, length) => {
	const points = [...name];
	return points.length > length ? `${points.slice(0, length - 1).join('')}…` : name;
};

/**
 * Which column each node is in: an exchange that is bound to another stands before it.
 */
function columns({ nodes, edges }) {
	const ranks = new Map(nodes.filter((node) => node.kind === 'exchange').map((node) => [node.id, 0]));
	// As often as there are exchanges: then a circle of them has an end, too.
	for (let round = 0; round < ranks.size; round++) {
		for (const { from, to, kind } of edges) {
			if (kind === 'binding' && ranks.has(from) && ranks.has(to)) {
				ranks.set(to, Math.min(3, Math.max(ranks.get(to), ranks.get(from) + 1)));
			}
		}
	}
	const deepest = Math.max(0, ...ranks.values());
	const all = [
		nodes.filter((node) => node.kind === 'producer'),
		...Array.from({ length: deepest + 1 }, (_, rank) => nodes.filter((node) => ranks.get(node.id) === rank)),
		nodes.filter((node) => node.kind === 'queue'),
	];
	// A consumer stands beside its queue.
	const order = new Map(all.at(-1).map((node, index) => [node.name, index]));
	all.push(nodes.filter((node) => node.kind === 'consumer')
		.sort((one, other) => order.get(one.queue) - order.get(other.queue)));
	return all.filter((column) => column.length > 0);
}

/**
 * Where each node goes: `places` has the centre of each.
 */
export function layout(part, width) {
	const narrow = width < NARROW;
	const places = new Map();
	const all = columns(part);
	if (narrow) {
		let y = 12;
		for (const column of all) {
			const [w, h] = SIZES[column[0].kind];
			const perRow = Math.max(1, Math.min(column.length, Math.floor((width - 8) / (w + 12))));
			column.forEach((node, index) => {
				const row = Math.floor(index / perRow);
				const inRow = Math.min(perRow, column.length - row * perRow);
				places.set(node.id, {
					x: width / 2 + ((index % perRow) - (inRow - 1) / 2) * (w + 12),
					y: y + h / 2 + row * (h + 14),
				});
			});
			y += Math.ceil(column.length / perRow) * (h + 14) + 34;
		}
		return { places, width, height: Math.max(60, y - 30), narrow };
	}
	const heights = all.map((column) => column.reduce((sum, node) => sum + SIZES[node.kind][1] + GAP, -GAP));
	const height = Math.max(150, ...heights) + 40;
	const widths = all.map((column) => SIZES[column[0].kind][0]);
	const free = Math.max(0, width - 16 - widths.reduce((sum, one) => sum + one, 0));
	const space = all.length > 1 ? free / (all.length - 1) : 0;
	let x = 8;
	all.forEach((column, index) => {
		let y = (height - heights[index]) / 2;
		for (const node of column) {
			const h = SIZES[node.kind][1];
			places.set(node.id, { x: x + widths[index] / 2, y: y + h / 2 });
			y += h + GAP;
		}
		x += widths[index] + space;
	});
	return { places, width, height, narrow };
}

function line(from, to, fromKind, toKind, narrow, kind) {
	const [fromWidth, fromHeight] = SIZES[fromKind];
	const [toWidth, toHeight] = SIZES[toKind];
	if (kind === 'dead-letter' || kind === 'alternate') {
		// Below the nodes, so that it is not taken for the way there.
		const startY = from.y + fromHeight / 2;
		const endY = to.y + (to.y > from.y ? -toHeight / 2 : toHeight / 2);
		const bend = Math.max(startY, to.y + toHeight / 2) + 26;
		return to.x === from.x
			? `M${from.x} ${startY} L${to.x} ${endY}`
			: `M${from.x} ${startY} C${from.x} ${bend} ${to.x} ${bend} ${to.x} ${to.y + toHeight / 2}`;
	}
	if (narrow) {
		const startY = from.y + fromHeight / 2;
		const endY = to.y - toHeight / 2;
		const middle = (startY + endY) / 2;
		return `M${from.x} ${startY} C${from.x} ${middle} ${to.x} ${middle} ${to.x} ${endY}`;
	}
	const startX = from.x + fromWidth / 2;
	const endX = to.x - toWidth / 2;
	const middle = (startX + endX) / 2;
	return `M${startX} ${from.y} C${middle} ${from.y} ${middle} ${to.y} ${endX} ${to.y}`;
}

export class Drawing {

	#host;

	#texts;

	#onMessage;

	#onNode;

	#svg = element('svg', { class: 'drawing', role: 'group' });

	#lines = element('g', { class: 'lines' });

	#nodes = element('g', { class: 'nodes' });

	#dots = element('g', { class: 'dots' });

	#part = { nodes: [], edges: [] };

	#drawn = '';

	#paths = new Map();

	#places = new Map();

	#counters = new Map();

	#flights = new Set();

	/**
	 * @param host the element to draw in
	 * @param texts `drawing` of the language's file
	 * @param onMessage is told the number of a message that is clicked
	 * @param onNode is told the node that is clicked, if anything is to happen then
	 */
	constructor(host, texts, onMessage, onNode) {
		this.#host = host;
		this.#texts = texts;
		this.#onMessage = onMessage;
		this.#onNode = onNode;
		this.#svg.setAttribute('aria-label', texts.label);
		this.#svg.append(this.#lines, this.#nodes, this.#dots);
		host.append(this.#svg);
		new ResizeObserver(() => this.draw(this.#part)).observe(host);
	}

	get flightCount() {
		return this.#flights.size;
	}

	/**
	 * Draws the nodes and lines, unless they are drawn already.
	 */
	draw(part) {
		const width = Math.max(320, Math.min(1200, this.#host.clientWidth || 960));
		const key = JSON.stringify([part, width]);
		if (key === this.#drawn) {
			return;
		}
		this.#drawn = key;
		this.#part = part;
		const { places, height, narrow } = layout(part, width);
		this.#places = places;
		this.#svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
		this.#svg.setAttribute('width', width);
		this.#svg.setAttribute('height', height);
		this.#drawLines(part, narrow);
		this.#drawNodes(part);
	}

	#drawLines(part, narrow) {
		this.#paths.clear();
		const kinds = new Map(part.nodes.map((node) => [node.id, node.kind]));
		const drawn = [];
		for (const edge of part.edges) {
			const from = this.#places.get(edge.from);
			const to = this.#places.get(edge.to);
			const path = element('path', { class: `line ${edge.kind}`, 'data-edge': edge.id,
				d: line(from, to, kinds.get(edge.from), kinds.get(edge.to), narrow, edge.kind) });
			this.#paths.set(edge.id, path);
			drawn.push(path);
			if (edge.labels.length > 0) {
				const label = edge.labels.join(', ');
				const at = narrow ? { x: to.x, y: to.y - SIZES[kinds.get(edge.to)][1] / 2 - 6 }
					: { x: to.x - SIZES[kinds.get(edge.to)][0] / 2 - 8, y: to.y - 8 };
				const below = edge.kind === 'dead-letter' || edge.kind === 'alternate';
				const place = below ? { x: (from.x + to.x) / 2, y: Math.max(from.y, to.y) + 50 } : at;
				const shown = text(short(label, 26), { class: 'key', x: place.x, y: place.y,
					'text-anchor': narrow || below ? 'middle' : 'end' });
				shown.append(element('title', {}, label));
				drawn.push(shown);
			}
		}
		this.#lines.replaceChildren(...drawn);
	}

	#drawNodes(part) {
		this.#counters.clear();
		this.#nodes.replaceChildren(...part.nodes.map((node) => this.#node(node)));
	}

	#node(node) {
		const [width, height] = SIZES[node.kind];
		const { x, y } = this.#places.get(node.id);
		const group = element('g', { class: `node ${node.kind}`, 'data-node': node.id, role: 'img',
			transform: `translate(${x - width / 2} ${y - height / 2})` });
		if (this.#onNode) {
			group.classList.add('clickable');
			group.addEventListener('click', () => this.#onNode(node));
		}
		const shape = node.kind === 'exchange'
			? element('path', { class: 'shape', d: `M16 0 H${width - 16} L${width} ${height / 2} L${width - 16} ${height} H16 L0 ${height / 2} Z` })
			: element('rect', { class: 'shape', width, height, rx: node.kind === 'queue' ? 6 : height / 2 });
		if (node.durable === false) {
			shape.classList.add('transient');
		}
		const name = node.name === '' && node.kind === 'exchange' ? this.#texts.defaultExchange : node.name;
		const title = element('title', {}, name);
		const caption = text(short(name, node.kind === 'queue' ? 26 : 17), { class: 'name', x: width / 2,
			y: node.kind === 'producer' ? height / 2 + 5 : 22, 'text-anchor': 'middle' });
		group.append(title, shape, caption);
		if (node.kind === 'exchange') {
			group.append(text(node.type, { class: 'detail', x: width / 2, y: 41, 'text-anchor': 'middle' }));
		}
		if (node.kind === 'queue') {
			const slots = element('g', { class: 'slots' });
			const ready = text('0', { class: 'count', x: width - 10, y: 22, 'text-anchor': 'end' });
			group.append(slots, ready);
			this.#counters.set(node.id, { node, group, slots, ready, name });
		}
		if (node.kind === 'consumer') {
			const held = text('', { class: 'detail', x: width / 2, y: 41, 'text-anchor': 'middle' });
			group.append(held);
			this.#counters.set(node.id, { node, group, held, name });
		}
		if (node.kind === 'producer' || node.kind === 'exchange') {
			group.setAttribute('aria-label', this.#texts[node.kind](name, node.type));
		}
		return group;
	}

	/**
	 * Shows how many messages are where.
	 * @param looks what a message looks like, by its number
	 */
	show(state, looks) {
		for (const { node, group, slots, ready, held, name } of this.#counters.values()) {
			if (node.kind === 'queue') {
				const waiting = state.ready(node.name);
				const unacknowledged = state.unacknowledged(node.name);
				ready.textContent = waiting;
				group.dataset.ready = waiting;
				group.dataset.unacknowledged = unacknowledged;
				group.setAttribute('aria-label', this.#texts.queue(name, waiting, unacknowledged, node.durable));
				this.#showSlots(slots, [...(state.queues.get(node.name)?.ready ?? [])].slice(0, SLOTS), waiting, looks);
			}
			else {
				const numbers = state.heldBy(node.queue, node.name);
				held.textContent = numbers.length > 0
					? short(this.#texts.holds(numbers.length, looks(numbers[0]).label), 21) : this.#texts.idle;
				group.dataset.held = numbers.length;
				group.classList.toggle('busy', numbers.length > 0);
				group.setAttribute('aria-label', this.#texts.consumer(name, numbers.length));
			}
		}
	}

	#showSlots(slots, known, waiting, looks) {
		const unknown = Math.min(SLOTS, waiting) - known.length;
		const key = JSON.stringify([known, unknown]);
		if (slots.dataset.key === key) {
			return;
		}
		slots.dataset.key = key;
		// The oldest stands where the next consumer takes it: on the right.
		const at = (index) => SIZES.queue[0] - 28 - index * 19;
		const drawn = [];
		for (let index = 0; index < unknown; index++) {
			drawn.push(element('rect', { class: 'message unknown', x: at(index), y: 36, width: 15, height: 18, rx: 3 }));
		}
		known.slice(0, SLOTS - Math.max(0, unknown)).forEach(([number, cameBack], index) => {
			const look = looks(number);
			const slot = element('rect', { class: `message ${look.classes} ${cameBack ? 'redelivered' : ''}`,
				x: at(index + Math.max(0, unknown)), y: 36, width: 15, height: 18, rx: look.persistent ? 3 : 8 });
			slot.append(element('title', {}, look.label));
			slot.addEventListener('click', () => this.#onMessage(number));
			drawn.push(slot);
		});
		slots.replaceChildren(...drawn);
	}

	/** Lets a node flash. */
	flash(id, kind) {
		const group = this.#nodes.querySelector(`[data-node="${CSS.escape(id)}"]`);
		if (group && !matchMedia('(prefers-reduced-motion: reduce)').matches) {
			group.classList.remove('flash', 'flash-bad');
			// Reading a measure makes the browser notice that the class was gone.
			group.getBoundingClientRect();
			group.classList.add(kind === 'bad' ? 'flash-bad' : 'flash');
		}
	}

	/**
	 * Moves a message along a line.
	 * @return a promise of the end, at once if there is no such line
	 */
	fly(edgeId, number, look, millis, backwards = false) {
		if (!this.#paths.has(edgeId) || millis <= 0) {
			return Promise.resolve();
		}
		const dot = element('g', { class: `dot ${look.classes}` },
			look.persistent ? element('rect', { x: -8, y: -8, width: 16, height: 16, rx: 4 }) : element('circle', { r: 8 }));
		if (look.cameBack) {
			dot.append(element('circle', { class: 'ring', r: 12 }));
		}
		if (look.label) {
			dot.append(text(short(look.label, 18), { class: 'caption', y: -13, 'text-anchor': 'middle' }));
		}
		dot.addEventListener('click', () => this.#onMessage(number));
		this.#dots.append(dot);
		return new Promise((resolve) => {
			this.#flights.add({ edgeId, dot, resolve, backwards, millis, began: undefined });
		});
	}

	/**
	 * Moves what is on its way.
	 * @param now milliseconds of the page's own time, which stands still while it is paused
	 */
	tick(now) {
		for (const flight of this.#flights) {
			flight.began ??= now;
			const share = Math.min(1, (now - flight.began) / flight.millis);
			// The drawing may have been made anew in between.
			const path = this.#paths.get(flight.edgeId);
			if (path && share < 1) {
				const eased = share < 0.5 ? 2 * share * share : 1 - (2 - 2 * share) ** 2 / 2;
				const length = path.getTotalLength();
				const { x, y } = path.getPointAtLength(length * (flight.backwards ? 1 - eased : eased));
				flight.dot.setAttribute('transform', `translate(${x} ${y})`);
			}
			else {
				this.#flights.delete(flight);
				flight.dot.remove();
				flight.resolve();
			}
		}
	}

	/** Ends all that is on its way. */
	land() {
		for (const flight of this.#flights) {
			flight.dot.remove();
			flight.resolve();
		}
		this.#flights.clear();
	}

}

/** The line that an event's message takes, if it takes one, and whether it goes back on it. */
export function wayOf(event, published) {
	switch (event.what) {
		case 'published':
			return [`${producerId(event.connection)} > ${exchangeId(event.exchange ?? '')}`, false];
		case 'routed':
			return [`${exchangeId(event.binding?.source ?? published?.exchange ?? '')} > ${queueId(event.queue)}`, false];
		case 'delivered':
			return [`${queueId(event.queue)} > ${consumerId(event.queue, event.consumer)}`, false];
		case 'returned':
			return [`${producerId(published?.connection ?? event.connection)} > ${exchangeId(published?.exchange ?? '')}`, true];
		default:
			return undefined;
	}
}
