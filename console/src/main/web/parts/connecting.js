/**
 * Lets a line be drawn from one node of a drawing to another with a pointer.
 */

/** A pointer that moves less than that, in pixels, is clicking. */
const FAR_ENOUGH = 6;

/**
 * @param nodeOf the node that an element of the drawing belongs to, if it does to any
 * @param canConnect whether there may be a line from a node, and to another if that is given
 * @param connect is told the two nodes
 */
export function letConnect(svg, nodeOf, canConnect, connect) {
	let from;
	let began;
	let line;

	const at = ({ clientX, clientY }) => new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM().inverse());

	const under = ({ clientX, clientY }) => {
		const node = nodeOf(document.elementFromPoint(clientX, clientY));
		return node && canConnect(from, node) ? node : undefined;
	};

	function end(to) {
		const start = from;
		line?.remove();
		from = undefined;
		line = undefined;
		if (to) {
			connect(start, to);
		}
	}

	svg.addEventListener('pointerdown', (event) => {
		const node = nodeOf(event.target);
		if (event.button === 0 && node && canConnect(node)) {
			from = node;
			began = at(event);
		}
	});
	svg.addEventListener('pointermove', (event) => {
		if (!from) {
			return;
		}
		const { x, y } = at(event);
		if (!line && Math.hypot(x - began.x, y - began.y) > FAR_ENOUGH) {
			line = document.createElementNS(svg.namespaceURI, 'path');
			line.classList.add('pencil');
			svg.append(line);
			// From now on it is not a click on the node.
			svg.setPointerCapture(event.pointerId);
		}
		line?.setAttribute('d', `M${began.x} ${began.y} L${x} ${y}`);
		line?.classList.toggle('good', under(event) !== undefined);
	});
	svg.addEventListener('pointerup', (event) => end(line && under(event)));
	svg.addEventListener('pointercancel', () => end());
}
