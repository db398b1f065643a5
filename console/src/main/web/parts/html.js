// What the pages draw with. The import map of a page says where "lit-html" and "lit-html/" are.
export { html, svg, nothing, render } from 'lit-html';
export { classMap } from 'lit-html/directives/class-map.js';
export { ifDefined } from 'lit-html/directives/if-defined.js';
export { keyed } from 'lit-html/directives/keyed.js';
export { live } from 'lit-html/directives/live.js';
export { createRef, ref } from 'lit-html/directives/ref.js';
export { repeat } from 'lit-html/directives/repeat.js';

/**
 * Says a text to people who use a screen reader, politely. The page has an element
 * <p id="said" class="visually-hidden" role="status"></p>.
 */
export function say(text) {
	const said = document.getElementById('said');
	// The same text twice in a row is read twice only if it differs.
	said.textContent = said.textContent === text ? `${text}\u00a0` : text;
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** Lets the browser keep a text as a file. */
export function download(name, text, type) {
	const address = URL.createObjectURL(new Blob([text], { type }));
	const anchor = document.createElement('a');
	anchor.href = address;
	anchor.download = name;
	anchor.click();
	// Some browsers have only begun to read it.
	setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** A number as people read it: 12,345. */
export function number(value) {
	return value.toLocaleString('en', { maximumFractionDigits: 1 });
}

/** A number of bytes as people read it: 12.3 kB. */
export function bytes(value) {
	const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, Math.abs(value))) / 3));
	return `${number(value / 1000 ** power)} ${UNITS[power]}`;
}
