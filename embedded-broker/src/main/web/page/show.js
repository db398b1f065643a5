import { html, nothing, number } from '../parts/html.js';
import { texts } from './texts.js';

/** The address of a page: its segments, encoded. */
export function link(...segments) {
	return `#/${segments.map(encodeURIComponent).join('/')}`;
}

export function yesNo(value) {
	return value ? texts.yes : texts.no;
}

/** What the API calls details, as a rate; nothing while there is none. */
export function rate(details) {
	return details === undefined ? '' : texts.perSecond(number(details.rate));
}

export function badge(text, kind = '') {
	return html`<span class="badge ${kind}">${text}</span> `;
}

export function time(millis) {
	return new Date(millis).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
}

/** A duration such as 3 d 4 h, in its two greatest units. */
export function duration(millis) {
	const seconds = Math.floor(millis / 1000);
	const parts = [[Math.floor(seconds / 86400), 'd'], [Math.floor(seconds / 3600) % 24, 'h'], [Math.floor(seconds / 60) % 60, 'min'], [seconds % 60, 's']];
	const first = parts.findIndex(([count]) => count > 0);
	return parts.slice(first < 0 ? 3 : first).slice(0, 2).map(([count, unit]) => `${count} ${unit}`).join(' ');
}

/** Names and what they are; those with nothing to say are left out. */
export function facts(list) {
	return html`<dl class="facts">${list.filter(([, value]) => value !== undefined && value !== null && value !== '' && value !== nothing)
		.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** An AMQP table, arguments or properties; nothing if it is empty. */
export function entries(table) {
	const list = Object.entries(table ?? {});
	return list.length === 0 ? nothing : html`<ul class="plain mono">${list.map(([name, value]) => html`
		<li class="any">${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}</li>`)}</ul>`;
}

/** A field of a form. */
export function field(label, control, { hint, wide = false } = {}) {
	return html`<label class="field ${wide ? 'wide' : ''}"><span>${label}</span>${control}
		${hint ? html`<span class="hint">${hint}</span>` : nothing}</label>`;
}

export function check(name, label, checked = false) {
	return html`<label class="check"><input type="checkbox" name=${name} ?checked=${checked}><span>${label}</span></label>`;
}

/** A choice of one of several. */
export function choice(name, options, selected) {
	return html`<select name=${name}>${options.map(([value, text]) => html`
		<option value=${value} ?selected=${value === selected}>${text}</option>`)}</select>`;
}

/** Which virtual host something is to be in; nothing to choose if there is one. */
export function virtualHostField(page) {
	const names = page.virtualHosts;
	return names.length === 1 ? html`<input type="hidden" name="vhost" value=${names[0]}>`
		: field(texts.virtualHost, choice('vhost', names.map((name) => [name, name]), page.virtualHost || names[0]));
}

/** Says which tag is needed, for those who lack it. */
export function needs(page, tag) {
	return html`<p class="notice warn">${texts.errors.tag(tag, page.session.name, page.session.tags)}</p>`;
}

/** What is written at the exchange without a name. */
export function exchangeName(name) {
	return name === '' ? texts.exchanges.defaultName : name;
}
