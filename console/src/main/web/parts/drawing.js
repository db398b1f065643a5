/**
 * Draws producers, exchanges, queues and consumers from left to right, or on a narrow page one below the other, and
 * moves messages along the lines between them. Names and texts are only ever set as text.
 */

import { letConnect } from './connecting.js';
import { takerOf } from './model.js';
import { consumerId, exchangeId, producerId, queueId } from './topology.js';

const SVG = 'http://www.w3.org/2000/svg';

/** Whether whoever looks wants little to move: `matches` is what is so now. */
export const REDUCED_MOTION = matchMedia('(prefers-reduced-motion: reduce)');

const SIZES = { producer: [184, 44], exchange: [140, 56], queue: [208, 64], consumer: [156, 52] };

/** With more messages on their way, what is in them could not be read. */
const MOST_CAPTIONS = 12;

/** Between the nodes of a column; what a queue is bounded by stands there. */
const GAP = 30;

/** Above the columns, for what they are. */
const HEADING = 30;

/** Between two lines that go back. */
const LANE = 14;

/** How far below the top a column begins at most. */
const FARTHEST_DOWN = 160;

/** The least space for lines between two columns, and for those with keys on them. */
const LEAST_SPACE = 48;

const LEAST_KEY_SPACE = 120;

/** Where there are few columns, lines need not be as long as the page is wide. */
const MOST_SPACE = 280;

const KEY_HEIGHT = 20;

const KEY_PITCH = 24;

/** So many bindings of one queue are shown, and of others only how many there are. */
const MOST_KEYS = 3;

/** On a narrow page: where nodes begin, to the right of the lines to them. */
const INDENT = 42;

const CONSUMER_INDENT = INDENT + 32;

const SLOTS = 10;

/** Pieces of a line on each of which a message moves straight on. */
const PIECES = 48;

const MONO = "ui-monospace, 'SF Mono', 'Cascadia Code', 'JetBrains Mono', 'DejaVu Sans Mono', 'Liberation Mono', monospace";

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

const pen = document.createElement('canvas').getContext('2d');

/** How wide a text is, in pixels. */
function widthOf(content, font) {
	pen.font = font;
	return pen.measureText(content).width;
}

/** A text that is too long loses its middle: names that a broker makes differ at the end. */
function fitted(content, width, font) {
	if (widthOf(content, font) <= width) {
		return content;
	}
	const points = [...content];
	for (let kept = points.length - 1; kept > 2; kept--) {
		const first = Math.ceil(kept * 0.65);
		const shorter = `${points.slice(0, first).join('')}…${points.slice(points.length - (kept - first)).join('')}`;
		if (widthOf(shorter, font) <= width) {
			return shorter;
		}
	}
	return '…';
}

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

/** Such lines go back to what stands before. */
const isBackwards = (kind) => ['dead-letter', 'alternate', 'reply'].includes(kind);

const heightOf = (nodes) => nodes.reduce((sum, { kind }) => sum + SIZES[kind][1] + GAP, -GAP);

/**
 * Where each node goes: `places` has the centre of each, `headings` has where it is said what a column is.
 */
function layout(part, width) {
	const all = columns(part);
	const hasKeys = new Set(part.edges.filter(({ labels, kind }) => kind === 'binding' && labels.length > 0).map(({ to }) => to));
	const leasts = all.slice(1).map((column) => (column.some(({ id }) => hasKeys.has(id)) ? LEAST_KEY_SPACE : LEAST_SPACE));
	const widths = all.map((column) => SIZES[column[0].kind][0]);
	const free = width - 16 - [...widths, ...leasts].reduce((sum, one) => sum + one, 0);
	return free < 0 ? narrowLayout(all, part, width) : wideLayout(all, part, widths, leasts, free, width);
}

function wideLayout(all, part, widths, leasts, free, width) {
	const places = new Map();
	const headings = [];
	const share = free / Math.max(1, leasts.reduce((sum, one) => sum + one, 0));
	const spaces = leasts.map((least) => Math.min(MOST_SPACE, least * (1 + share)));
	const consumers = all.find(([{ kind }]) => kind === 'consumer') ?? [];
	// A queue and its consumers have a row of their own.
	const rowOf = (node) => {
		const own = node.kind === 'queue' ? consumers.filter(({ queue }) => queue === node.name) : [];
		return { node, own, height: Math.max(SIZES[node.kind][1], own.length > 0 ? heightOf(own) : 0) };
	};
	const columnHeights = all.map((column) => column.map(rowOf).reduce((sum, row) => sum + row.height + GAP, -GAP));
	const height = Math.max(90, ...all.map((column, index) => (column === consumers ? 0 : columnHeights[index])));
	let x = 8;
	all.forEach((column, index) => {
		const centre = x + widths[index] / 2;
		if (all[index - 1]?.[0].kind !== column[0].kind) {
			headings.push({ kind: column[0].kind, x: centre, y: 16, anchor: 'middle' });
		}
		if (column !== consumers) {
			// Beside many queues, what is before them stays at the top, where it is seen.
			let y = HEADING + Math.min((height - columnHeights[index]) / 2, FARTHEST_DOWN);
			const right = index + 1 < all.length ? x + widths[index] + spaces[index] : x;
			for (const row of column.map(rowOf)) {
				places.set(row.node.id, { x: centre, y: y + row.height / 2 });
				let below = y + (row.height - heightOf(row.own)) / 2;
				for (const { id, kind } of row.own) {
					places.set(id, { x: right + SIZES[kind][0] / 2, y: below + SIZES[kind][1] / 2 });
					below += SIZES[kind][1] + GAP;
				}
				y += row.height + GAP;
			}
		}
		x += widths[index] + (spaces[index] ?? 0);
	});
	const back = part.edges.filter(({ kind }) => isBackwards(kind)).length;
	const floor = HEADING + height + 34;
	return { places, headings, width, floor, height: back > 0 ? floor + back * LANE : HEADING + height + 22, narrow: false };
}

/** Whether there is space for a consumer at the right of its queue on a narrow page. */
const hasConsumersBeside = (width) => width >= INDENT + SIZES.queue[0] + LEAST_SPACE + SIZES.consumer[0] + 16;

/** One below the other, lines to the left of what they lead to. */
function narrowLayout(all, part, width) {
	const places = new Map();
	const headings = [];
	let y = 0;
	const put = (node, left) => {
		const [w, h] = SIZES[node.kind];
		places.set(node.id, { x: left + w / 2, y: y + h / 2 });
		y += h;
	};
	const keysAbove = (node) => part.edges.some(({ to, kind, labels }) => to === node.id && kind === 'binding' && labels.length > 0);
	const consumers = all.find(([{ kind }]) => kind === 'consumer') ?? [];
	all.forEach((column, index) => {
		if (column === consumers) {
			return;
		}
		const { kind } = column[0];
		if (all[index - 1]?.[0].kind !== kind) {
			y += 16;
			headings.push({ kind, x: kind === 'producer' ? 8 : INDENT, y, anchor: 'start' });
			y += 10;
		}
		for (const node of column) {
			if (keysAbove(node)) {
				y += KEY_PITCH;
			}
			put(node, kind === 'producer' ? 8 : INDENT);
			const own = node.kind === 'queue' ? consumers.filter(({ queue }) => queue === node.name) : [];
			if (hasConsumersBeside(width)) {
				y -= own.length > 0 ? (SIZES.queue[1] + SIZES.consumer[1]) / 2 : 0;
				own.forEach((consumer, place) => {
					y += place > 0 ? 14 : 0;
					put(consumer, width - SIZES.consumer[0] - 16);
				});
				y = Math.max(y, places.get(node.id).y + SIZES[node.kind][1] / 2);
			}
			else {
				for (const consumer of own) {
					y += 20;
					put(consumer, CONSUMER_INDENT);
				}
			}
			y += GAP - 4;
		}
	});
	return { places, headings, width, height: y + 4, narrow: true };
}

/** A line of horizontal and vertical pieces, with round corners. */
function rounded(points) {
	const radius = 8;
	const pieces = [`M${points[0].join(' ')}`];
	for (let index = 1; index < points.length - 1; index++) {
		const [before, corner, after] = points.slice(index - 1, index + 2);
		const towards = (other) => {
			const [x, y] = [other[0] - corner[0], other[1] - corner[1]];
			const length = Math.hypot(x, y) || 1;
			const step = Math.min(radius, length / 2);
			return [corner[0] + x / length * step, corner[1] + y / length * step];
		};
		pieces.push(`L${towards(before).join(' ')}`, `Q${corner.join(' ')} ${towards(after).join(' ')}`);
	}
	pieces.push(`L${points.at(-1).join(' ')}`);
	return pieces.join(' ');
}

function narrowLine(from, to, fromKind, toKind, kind, width, lane) {
	const [fromWidth, fromHeight] = SIZES[fromKind];
	const [toWidth, toHeight] = SIZES[toKind];
	const leftOf = ({ x }, w) => x - w / 2;
	if (isBackwards(kind) || (fromKind === 'exchange' && toKind === 'exchange')) {
		const lineX = width - 8 - lane * 6;
		return rounded([[from.x + fromWidth / 2, from.y], [lineX, from.y], [lineX, to.y], [to.x + toWidth / 2 + 3, to.y]]);
	}
	if (toKind === 'consumer') {
		if (hasConsumersBeside(width)) {
			return wideLine(from, to, fromKind, toKind);
		}
		const lineX = leftOf(from, fromWidth) + 14;
		return rounded([[lineX, from.y + fromHeight / 2], [lineX, to.y], [leftOf(to, toWidth) - 3, to.y]]);
	}
	const lineX = 10 + (lane % 4) * 7;
	const start = fromKind === 'producer' ? [[lineX + 8, from.y + fromHeight / 2], [lineX + 8, to.y]]
		: [[leftOf(from, fromWidth), from.y], [lineX, from.y], [lineX, to.y]];
	return rounded([...start, [leftOf(to, toWidth) - 3, to.y]]);
}

/** Below the nodes, so that it is not taken for the way there. */
function backLine(from, to, fromKind, toKind, floor, lane) {
	const [fromWidth, fromHeight] = SIZES[fromKind];
	const toHeight = SIZES[toKind][1];
	const bottom = from.y + fromHeight / 2;
	if (from.x === to.x && Math.abs(from.y - to.y) < 2 * fromHeight) {
		return `M${from.x} ${bottom} L${to.x} ${to.y + (to.y > from.y ? -toHeight / 2 - 3 : toHeight / 2 + 3)}`;
	}
	// Down beside what stands below: a receiver's line at its left, others' at their right.
	const isReceiver = fromKind === 'consumer';
	const startX = from.x + (isReceiver ? 24 - fromWidth / 2 : fromWidth / 2 - 24);
	const sideX = from.x + (isReceiver ? -fromWidth / 2 - 24 : fromWidth / 2 + 16);
	const endX = to.x - lane * 10;
	return rounded([[startX, bottom], [startX, bottom + 9], [sideX, bottom + 9], [sideX, floor + lane * LANE],
		[endX, floor + lane * LANE], [endX, to.y + toHeight / 2 + 3]]);
}

function wideLine(from, to, fromKind, toKind) {
	const [fromWidth] = SIZES[fromKind];
	const [toWidth] = SIZES[toKind];
	const startX = from.x + fromWidth / 2;
	const endX = to.x - toWidth / 2 - 3;
	const middle = (startX + endX) / 2;
	return `M${startX} ${from.y} C${middle} ${from.y} ${middle} ${to.y} ${endX} ${to.y}`;
}

function flash(group, kind) {
	if (group && !REDUCED_MOTION.matches) {
		group.classList.remove('flash', 'flash-bad');
		// Reading a measure makes the browser notice that the class was gone.
		group.getBoundingClientRect();
		group.classList.add(kind === 'bad' ? 'flash-bad' : 'flash');
	}
}

const COUNTS = ['ready', 'unacknowledged'];

/** The first of many, without a copy of all. */
function firstOf(many, count) {
	const first = [];
	for (const one of many) {
		if (first.length === count) {
			break;
		}
		first.push(one);
	}
	return first;
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

	#family = '';

	#narrow = false;

	/** What was shown last, for when it is drawn anew. */
	#shown;

	#part = { nodes: [], edges: [] };

	#width = 0;

	#drawn = '';

	#paths = new Map();

	/** edge -> points of its line, once something has moved along it: to measure a path takes long */
	#points = new Map();

	#places = new Map();

	#counters = new Map();

	/** edge and key -> the key as it is drawn */
	#tags = new Map();

	#flights = new Set();

	/**
	 * @param host the element to draw in
	 * @param texts `drawing` of the language's file
	 * @param onMessage is told the number of a message that is clicked
	 * @param onNode is told the node that is clicked, if anything is to happen then
	 * @param connecting between which nodes lines may be drawn, and what becomes of them: see `letConnect`
	 */
	constructor(host, texts, onMessage, onNode, connecting) {
		this.#host = host;
		this.#texts = texts;
		this.#onMessage = onMessage;
		this.#onNode = onNode;
		this.#svg.setAttribute('aria-label', texts.label);
		const arrow = element('marker', { id: 'arrow', viewBox: '0 0 8 8', refX: 6, refY: 4, markerWidth: 8, markerHeight: 8,
			orient: 'auto-start-reverse', class: 'arrow' }, element('path', { d: 'M0 0 L8 4 L0 8 Z' }));
		this.#svg.append(element('defs', {}, arrow), this.#lines, this.#nodes, this.#dots);
		host.append(this.#svg);
		if (connecting) {
			letConnect(this.#svg, (inside) => {
				const id = inside?.closest('[data-node]')?.dataset.node;
				return this.#part.nodes.find((node) => node.id === id);
			}, connecting.can, connecting.connect);
		}
		new ResizeObserver(() => this.draw(this.#part)).observe(host);
	}

	get flightCount() {
		return this.#flights.size;
	}

	/**
	 * Draws the nodes and lines, unless they are drawn already.
	 */
	draw(part) {
		const width = Math.max(280, Math.min(1200, this.#host.clientWidth || 960));
		if (part === this.#part && width === this.#width) {
			return;
		}
		this.#part = part;
		this.#width = width;
		// How many messages a queue has is shown without drawing it anew.
		const key = JSON.stringify([part, width], (name, value) => (COUNTS.includes(name) ? undefined : value));
		if (key === this.#drawn) {
			return;
		}
		this.#drawn = key;
		this.#family = getComputedStyle(this.#svg).fontFamily;
		const { places, headings, height, floor, narrow } = layout(part, width);
		this.#places = places;
		this.#narrow = narrow;
		this.#svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
		this.#svg.setAttribute('width', width);
		this.#svg.setAttribute('height', height);
		this.#drawLines(part, { narrow, width, headings, floor });
		this.#drawNodes(part);
		if (this.#shown) {
			this.show(...this.#shown);
		}
		// What scrolls must do so by the keyboard, too.
		this.#host.tabIndex = this.#host.scrollHeight > this.#host.clientHeight + 1 ? 0 : -1;
	}

	#drawLines(part, { narrow, width, headings, floor }) {
		this.#paths.clear();
		this.#points.clear();
		this.#tags.clear();
		const kinds = new Map(part.nodes.map((node) => [node.id, node.kind]));
		const names = new Map(part.nodes.map((node) => [node.id, node.name]));
		let back = 0;
		const lanes = new Map();
		const laneOf = (id) => {
			if (!lanes.has(id)) {
				lanes.set(id, lanes.size);
			}
			return lanes.get(id);
		};
		const drawn = headings.map(({ kind, x, y, anchor }) =>
			text(this.#texts.columns?.[kind] ?? '', { class: 'heading', x, y, 'text-anchor': anchor }));
		const keys = [];
		if (part.nodes.every(({ kind }) => kind !== 'queue')) {
			drawn.push(...part.nodes.filter(({ kind }) => kind === 'exchange').map(({ id }) => this.#nothingBound(id, narrow)));
		}
		for (const edge of part.edges) {
			const from = this.#places.get(edge.from);
			const to = this.#places.get(edge.to);
			const fromKind = kinds.get(edge.from);
			const toKind = kinds.get(edge.to);
			const isBack = isBackwards(edge.kind);
			const lane = isBack ? back++ : laneOf(edge.from);
			const path = element('path', { class: `line ${edge.kind}`, 'data-edge': edge.id, 'marker-end': 'url(#arrow)',
				d: narrow ? narrowLine(from, to, fromKind, toKind, edge.kind, width, lane)
					: isBack ? backLine(from, to, fromKind, toKind, floor, lane) : wideLine(from, to, fromKind, toKind) });
			this.#paths.set(edge.id, path);
			drawn.push(path);
			if (edge.labels.length === 0) {
				continue;
			}
			if (isBack) {
				const label = edge.labels.join(', ');
				const place = narrow ? { x: width - 14, y: to.y - 6, 'text-anchor': 'end' }
					: from.x === to.x ? { x: from.x + 8, y: (from.y + to.y) / 2 + 4 }
						: { x: (from.x + to.x) / 2, y: floor + lane * LANE + 4, 'text-anchor': 'middle' };
				const shown = text(short(label, 26), { class: 'key', ...place });
				shown.append(element('title', {}, label));
				keys.push(shown);
			}
			else {
				const start = from.x + SIZES[fromKind][0] / 2;
				keys.push(...this.#keys(edge, names, narrow
					? { left: INDENT, top: to.y - SIZES[toKind][1] / 2 - KEY_PITCH + 1, width: width - INDENT - 4 }
					: { right: to.x - SIZES[toKind][0] / 2 - 18, middle: to.y, width: to.x - SIZES[toKind][0] / 2 - 18 - start - 12 }));
			}
		}
		this.#lines.replaceChildren(...drawn, ...keys);
	}

	#nothingBound(id, narrow) {
		const { x, y } = this.#places.get(id);
		const [width, height] = SIZES.exchange;
		return text(this.#texts.nothingBound ?? '', { class: 'detail', x: narrow ? x - width / 2 : x + width / 2 + 24,
			y: narrow ? y + height / 2 + 20 : y + 5 });
	}

	/** The keys of the bindings that one line stands for: beside each other, or on a wide page one below the other. */
	#keys({ id, from, to, labels }, names, place) {
		const shown = labels.length > MOST_KEYS ? labels.slice(0, MOST_KEYS - 1) : labels;
		const entries = shown.map((label) => ({ label, tags: [label] }));
		if (shown.length < labels.length) {
			entries.push({ label: `+${labels.length - shown.length}`, tags: labels.slice(shown.length) });
		}
		const font = `12.5px ${MONO}`;
		const isRow = place.left !== undefined;
		// Beside each other, the longest gives way.
		const widths = entries.map(({ label }) => widthOf(label, font) + 14);
		const surplus = isRow ? widths.reduce((sum, one) => sum + one + 6, -6) - place.width : 0;
		const longest = Math.max(...widths);
		const most = (isRow && surplus > 0 ? Math.max(44, longest - surplus) : place.width) - 14;
		let x = place.left;
		let y = isRow ? place.top : place.middle - (entries.length * KEY_PITCH) / 2 + (KEY_PITCH - KEY_HEIGHT) / 2;
		return entries.map(({ label, tags }) => {
			const content = fitted(label, most, font);
			const width = widthOf(content, font) + 14;
			const left = isRow ? x : place.right - width;
			const tag = element('g', { class: 'tag', 'data-binding': id, role: 'img', transform: `translate(${left} ${y})`,
				'aria-label': this.#texts.binding?.(names.get(from), names.get(to), tags.join(', ')) ?? tags.join(', ') },
				element('title', {}, tags.join(', ')),
				element('rect', { width, height: KEY_HEIGHT, rx: 5 }),
				text(content, { x: 7, y: 14.5 }));
			tags.forEach((key) => this.#tags.set(`${id}\n${key}`, tag));
			if (isRow) {
				x += width + 6;
			}
			else {
				y += KEY_PITCH;
			}
			return tag;
		});
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
		const shape = node.kind === 'exchange'
			? element('path', { class: 'shape', d: `M16 0 H${width - 16} L${width} ${height / 2} L${width - 16} ${height} H16 L0 ${height / 2} Z` })
			: element('rect', { class: 'shape', width, height, rx: node.kind === 'queue' ? 8 : height / 2 });
		if (node.durable === false) {
			shape.classList.add('transient');
		}
		const name = node.name === '' && node.kind === 'exchange' ? this.#texts.defaultExchange : node.name;
		const title = element('title', {}, name);
		const isQueue = node.kind === 'queue';
		const caption = text(fitted(name, width - (isQueue ? 56 : 18), `600 14px ${this.#family}`), { class: 'name',
			x: isQueue ? 12 : width / 2, y: node.kind === 'producer' ? height / 2 + 5 : 22,
			'text-anchor': isQueue ? 'start' : 'middle' });
		group.append(title, shape, caption);
		if (node.kind === 'exchange') {
			group.append(text(node.type, { class: 'detail', x: width / 2, y: 41, 'text-anchor': 'middle' }));
		}
		if (isQueue) {
			const slots = element('g', { class: 'slots' });
			const ready = text('0', { class: 'count', x: width - 12, y: 23, 'text-anchor': 'end' });
			const bounds = this.#texts.bounds?.(node) ?? '';
			group.append(slots, ready, text(bounds, { class: 'bounds', x: this.#narrow ? 26 : 12, y: height + 15 }));
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
		if (this.#onNode && (node.kind === 'exchange' || node.kind === 'queue')) {
			this.#letBeChosen(group, node);
		}
		return group;
	}

	#letBeChosen(group, node) {
		group.classList.add('clickable');
		group.setAttribute('role', 'button');
		group.setAttribute('tabindex', '0');
		group.addEventListener('click', () => this.#onNode(node));
		group.addEventListener('keydown', (event) => {
			if (event.key === 'Enter' || event.key === ' ') {
				event.preventDefault();
				this.#onNode(node);
			}
		});
	}

	/**
	 * Shows how many messages are where.
	 * @param looks what a message looks like, by its number
	 */
	show(state, looks) {
		this.#shown = [state, looks];
		for (const { node, group, slots, ready, held, name } of this.#counters.values()) {
			if (node.kind === 'queue') {
				const waiting = state.ready(node.name);
				const unacknowledged = state.unacknowledged(node.name);
				ready.textContent = waiting;
				group.dataset.ready = waiting;
				group.dataset.unacknowledged = unacknowledged;
				group.setAttribute('aria-label', this.#texts.queue(name, waiting, unacknowledged, node.durable));
				this.#showSlots(slots, firstOf(state.queues.get(node.name)?.ready ?? [], SLOTS), waiting, looks);
			}
			else {
				const numbers = state.heldBy(node.queue, node.tag);
				held.textContent = numbers.length > 0
					? short((node.gets ? this.#texts.took : this.#texts.holds)(numbers.length, looks(numbers[0]).label), 20)
					: node.gets ? this.#texts.gets : this.#texts.idle;
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
			slot.addEventListener('click', (event) => {
				event.stopPropagation();
				this.#onMessage(number);
			});
			drawn.push(slot);
		});
		slots.replaceChildren(...drawn);
	}

	/** Lets a node flash. */
	flash(id, kind) {
		flash(this.#nodes.querySelector(`[data-node="${CSS.escape(id)}"]`), kind);
	}

	/** Lets the key of a binding flash, by which a message was routed. */
	flashKey(edgeId, key) {
		flash(this.#tags.get(`${edgeId}\n${key}`), 'good');
	}

	/**
	 * Moves a message along a line.
	 * @return a promise of the end, at once if there is no such line
	 */
	fly(edgeId, number, look, millis, backwards = false) {
		return this.#paths.has(edgeId) ? this.#start({ edgeId, backwards, millis }, number, look) : Promise.resolve();
	}

	/**
	 * Lets a message fall out of a node, which it does not leave by any line.
	 * @return a promise of the end, at once if there is no such node
	 */
	fall(nodeId, number, look, millis) {
		return this.#places.has(nodeId) ? this.#start({ nodeId, millis }, number, look) : Promise.resolve();
	}

	#start(way, number, look) {
		if (way.millis <= 0) {
			return Promise.resolve();
		}
		const dot = element('g', { class: `dot ${look.classes}` },
			look.persistent ? element('rect', { x: -8, y: -8, width: 16, height: 16, rx: 4 }) : element('circle', { r: 8 }));
		if (look.cameBack) {
			dot.append(element('circle', { class: 'ring', r: 12 }));
		}
		if (look.label && this.#flights.size < MOST_CAPTIONS) {
			dot.append(text(short(look.label, 18), this.#narrow || way.nodeId ? { class: 'caption', x: 14, y: 4 }
				: { class: 'caption', y: -13, 'text-anchor': 'middle' }));
		}
		dot.addEventListener('click', () => this.#onMessage(number));
		const { x, y } = this.#pointOf(way, 0);
		dot.setAttribute('transform', `translate(${x} ${y})`);
		this.#dots.append(dot);
		return new Promise((resolve) => {
			this.#flights.add({ ...way, dot, resolve, began: undefined });
		});
	}

	/** Where a message is after a share of its way; nothing if the drawing was made anew without it. */
	#pointOf({ edgeId, nodeId, backwards }, share) {
		if (nodeId) {
			const place = this.#places.get(nodeId);
			return place && { x: place.x, y: place.y + 38 + 26 * share };
		}
		const eased = share < 0.5 ? 2 * share * share : 1 - (2 - 2 * share) ** 2 / 2;
		const points = this.#pointsOf(edgeId);
		const at = PIECES * (backwards ? 1 - eased : eased);
		const [before, after] = [points?.[Math.floor(at)], points?.[Math.ceil(at)]];
		return before && { x: before.x + (after.x - before.x) * (at % 1), y: before.y + (after.y - before.y) * (at % 1) };
	}

	#pointsOf(edgeId) {
		const path = this.#paths.get(edgeId);
		if (path && !this.#points.has(edgeId)) {
			const length = path.getTotalLength();
			this.#points.set(edgeId, Array.from({ length: PIECES + 1 }, (_, piece) => path.getPointAtLength(length * piece / PIECES)));
		}
		return this.#points.get(edgeId);
	}

	/**
	 * Moves what is on its way.
	 * @param now milliseconds of the page's own time, which stands still while it is paused
	 */
	tick(now) {
		for (const flight of this.#flights) {
			flight.began ??= now;
			const share = Math.min(1, (now - flight.began) / flight.millis);
			const point = share < 1 ? this.#pointOf(flight, share) : undefined;
			if (point) {
				flight.dot.setAttribute('transform', `translate(${point.x} ${point.y})`);
				if (flight.nodeId) {
					flight.dot.setAttribute('opacity', 1 - share ** 2);
				}
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
			return [`${event.from ?? producerId(event.connection)} > ${exchangeId(event.exchange ?? '')}`, false];
		case 'routed':
			return [`${exchangeId(event.binding?.source ?? published?.exchange ?? '')} > ${queueId(event.queue)}`, false];
		case 'delivered':
			return [`${queueId(event.queue)} > ${consumerId(event.queue, takerOf(event))}`, false];
		case 'dead-lettered':
			return [`${queueId(event.queue)} > ${exchangeId(event.exchange ?? '')}`, false];
		case 'confirmed':
			return [`${published?.from ?? producerId(published?.connection ?? event.connection)} > ${exchangeId(published?.exchange ?? '')}`, true];
		case 'returned':
			return [`${producerId(published?.connection ?? event.connection)} > ${exchangeId(published?.exchange ?? '')}`, true];
		default:
			return undefined;
	}
}
