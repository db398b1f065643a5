import { html, live, nothing } from '../parts/html.js';
import { texts } from './texts.js';

let number = 0;

/** Names and values of several types, as arguments, headers and policies have them; edited row by row. */
export class Pairs {

	#legend;

	#known;

	#id = `pairs-${++number}`;

	#rows = [];

	/**
	 * @param legend what they are
	 * @param known the usual names, to choose from
	 * @param values those that are there
	 */
	constructor(legend, known = [], values = {}) {
		this.#legend = legend;
		this.#known = known;
		this.#rows = Object.entries(values).map(([name, value]) => row(name, value));
	}

	/** @throws Error whose message says which of them is wrong */
	values() {
		const rows = this.#rows.filter(({ name }) => name !== '');
		const twice = rows.find(({ name }, index) => rows.findIndex((other) => other.name === name) < index);
		if (twice) {
			throw new Error(texts.pairs.twice(twice.name));
		}
		return Object.fromEntries(rows.map((one) => [one.name, parsed(one)]));
	}

	view() {
		return html`
			<fieldset class="field wide">
				<legend>${this.#legend}</legend>
				${this.#rows.map((one, index) => this.#view(one, index))}
				<div><button type="button" class="compact" @click=${(event) => this.#add(event)}>
					${texts.pairs.add(this.#legend)}</button></div>
				${this.#known.length > 0 ? html`
					<datalist id=${this.#id}>${this.#known.map((name) => html`<option value=${name}></option>`)}</datalist>` : nothing}
			</fieldset>`;
	}

	#view(one, index) {
		return html`
			<div class="pair" role="group" aria-label=${texts.pairs.row(this.#legend, index + 1)}>
				<input aria-label=${texts.pairs.name} placeholder=${texts.pairs.name} list=${this.#id} autocomplete="off"
					spellcheck="false" .value=${live(one.name)} @change=${(event) => this.#renamed(event, one)}
					@input=${(event) => { one.name = event.target.value; }}>
				<input aria-label=${texts.pairs.value} placeholder=${texts.pairs.value} autocomplete="off" spellcheck="false"
					.value=${live(one.value)} @input=${(event) => { one.value = event.target.value; }}>
				<select aria-label=${texts.pairs.kind} @change=${(event) => { one.kind = event.target.value; }}>
					${Object.entries(texts.pairs.kinds).map(([kind, text]) => html`
						<option value=${kind} ?selected=${one.kind === kind}>${text}</option>`)}
				</select>
				<button type="button" class="compact quiet danger" aria-label=${texts.pairs.remove(one.name)}
					@click=${(event) => this.#remove(event, one)}>${texts.remove}</button>
			</div>`;
	}

	#add(event) {
		const fieldset = event.target.closest('fieldset');
		this.#rows.push({ name: '', value: '', kind: 'text' });
		redraw(event.target);
		fieldset.querySelector('.pair:last-of-type input')?.focus();
	}

	#remove(event, one) {
		const fieldset = event.target.closest('fieldset');
		this.#rows = this.#rows.filter((other) => other !== one);
		redraw(event.target);
		fieldset.querySelector(':scope > div:last-of-type > button')?.focus();
	}

	/** Most arguments have a type of their own. */
	#renamed(event, one) {
		if (one.value === '') {
			one.kind = kindOf(one.name);
			redraw(event.target);
			event.target.closest('.pair').querySelector('select').value = one.kind;
		}
	}

}

/** Asks the page, or the dialog, for a new drawing. */
export function redraw(element) {
	element.dispatchEvent(new CustomEvent('redraw', { bubbles: true }));
}

function kindOf(name) {
	if (/(ttl|expires|length|bytes|limit|priority|timeout|delay|size|age|-min|-max)$/.test(name)) {
		return 'number';
	}
	return /^x-single-active-consumer$|^x-cc$/i.test(name) ? 'boolean' : 'text';
}

function row(name, value) {
	switch (typeof value) {
		case 'string': return { name, value, kind: 'text' };
		case 'number': return { name, value: String(value), kind: 'number' };
		case 'boolean': return { name, value: String(value), kind: 'boolean' };
		default: return { name, value: JSON.stringify(value), kind: 'json' };
	}
}

function parsed({ name, value, kind }) {
	switch (kind) {
		case 'number': {
			const parsedNumber = Number(value);
			if (value.trim() === '' || !Number.isFinite(parsedNumber)) {
				throw new Error(texts.pairs.notNumber(name));
			}
			return parsedNumber;
		}
		case 'boolean':
			if (!/^\s*(true|false)\s*$/i.test(value)) {
				throw new Error(texts.pairs.notBoolean(name));
			}
			return value.trim().toLowerCase() === 'true';
		case 'json':
			try {
				return JSON.parse(value);
			}
			catch {
				throw new Error(texts.pairs.notJson(name));
			}
		default:
			return value;
	}
}
