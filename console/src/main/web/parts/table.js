import { html, ifDefined, live, nothing, repeat } from './html.js';

/**
 * A table that is sorted, filtered and divided into pages, in the browser or by RabbitMQ's management API.
 *
 *     const queues = new Table({
 *         name: 'queues', caption: 'Queues', texts: texts.table, changed: draw,
 *         key: (row) => row.name,
 *         columns: [
 *             { id: 'name', title: 'Name', show: (row) => html`<a href="…">${row.name}</a>` },
 *             { id: 'messages', title: 'Messages', numeric: true },
 *         ],
 *     });
 *     queues.view(rows)
 *
 * A column shows, and is sorted by, the value at its id, which may be a path such as "message_stats.publish";
 * `value` and `show` say otherwise, `minor` leaves it out on narrow screens, and `sortable: false` is for
 * buttons. If view() is given a page of the management API instead of rows, the API has to do the rest: ask it with
 * query() whenever changed() is called.
 */
export class Table {

	#options;

	#page = 1;

	#filter = '';

	#sort = null;

	#reverse = false;

	/**
	 * @param options name (unique on the page), caption, columns, key (of a row), texts, changed (called when
	 * somebody sorts, filters or turns the page), size (rows a page, 50), filterable (true), sort (a column's id) and
	 * reverse, to begin with
	 */
	constructor(options) {
		this.#options = { size: 50, filterable: true, ...options };
		this.#sort = options.sort ?? null;
		this.#reverse = options.reverse ?? false;
	}

	/** The parameters with which the management API answers what is to be seen. */
	query() {
		return {
			page: this.#page,
			page_size: this.#options.size,
			name: this.#filter || undefined,
			use_regex: false,
			sort: this.#sort ?? undefined,
			sort_reverse: this.#reverse,
		};
	}

	/** Back to the first page, as when there are fewer than there were. */
	restart() {
		this.#page = 1;
	}

	/** @param data rows, or a page of the management API */
	view(data) {
		const page = Array.isArray(data) ? this.#pageOf(data) : data;
		const { name, caption, columns, key, texts, filterable } = this.#options;
		const first = (page.page - 1) * page.page_size + 1;
		return html`
			${filterable || page.page_count > 1 || page.items.length === 0 ? html`<div class="table-tools">
				${filterable ? html`
					<label class="field inline"><span>${texts.filter}</span>
						<input type="search" id="${name}-filter" autocomplete="off" spellcheck="false" .value=${live(this.#filter)}
							@input=${(event) => this.#change({ filter: event.target.value })}>
					</label>` : nothing}
				<p class="muted" role="status">${this.#summary(page, first)}</p>
				${page.page_count > 1 ? html`
					<div class="row" role="group" aria-label=${texts.pages}>
						<button type="button" ?disabled=${page.page <= 1}
							@click=${() => this.#change({ page: page.page - 1 })}>${texts.previous}</button>
						<button type="button" ?disabled=${page.page >= page.page_count}
							@click=${() => this.#change({ page: page.page + 1 })}>${texts.next}</button>
					</div>` : nothing}
			</div>` : nothing}
			${page.items.length === 0 ? nothing : html`
				<div class="scroller" role="region" tabindex="0" aria-label=${caption}>
					<table id=${name}>
						<caption class="visually-hidden">${caption}</caption>
						<thead><tr>${columns.map((column) => this.#heading(column))}</tr></thead>
						<tbody>${repeat(page.items, key, (row) => html`
							<tr>${columns.map((column) => html`<td class=${classes(column)}>${cell(column, row)}</td>`)}</tr>`)}
						</tbody>
					</table>
				</div>`}`;
	}

	#summary(page, first) {
		const { texts } = this.#options;
		if (page.items.length === 0) {
			return this.#filter ? texts.nothingMatches : texts.empty;
		}
		return texts.rows(first, first + page.items.length - 1, page.filtered_count, page.total_count);
	}

	#heading(column) {
		if (column.sortable === false) {
			return html`<th scope="col" class=${classes(column)}>${column.title}</th>`;
		}
		const sorted = this.#sort === column.id;
		const direction = sorted ? (this.#reverse ? 'descending' : 'ascending') : undefined;
		return html`<th scope="col" class=${classes(column)} aria-sort=${ifDefined(direction)}>
			<button type="button" class="heading" @click=${() => this.#sortBy(column)}>${column.title}<span
				class="arrow" aria-hidden="true">${sorted ? (this.#reverse ? '▾' : '▴') : ''}</span></button></th>`;
	}

	#sortBy(column) {
		if (this.#sort !== column.id) {
			// Of numbers, people want the greatest.
			this.#change({ sort: column.id, reverse: Boolean(column.numeric) });
		}
		else {
			this.#change({ reverse: !this.#reverse });
		}
	}

	#change({ page = 1, filter = this.#filter, sort = this.#sort, reverse = this.#reverse }) {
		this.#page = page;
		this.#filter = filter;
		this.#sort = sort;
		this.#reverse = reverse;
		this.#options.changed();
	}

	#pageOf(rows) {
		const { columns, size } = this.#options;
		const wanted = this.#filter.toLowerCase();
		const found = rows.filter((row) => wanted === ''
			|| columns.some((column) => column.sortable !== false && String(value(column, row) ?? '').toLowerCase().includes(wanted)));
		const by = columns.find((column) => column.id === this.#sort);
		if (by) {
			found.sort((one, other) => compare(value(by, one), value(by, other)) * (this.#reverse ? -1 : 1));
		}
		const pages = Math.max(1, Math.ceil(found.length / size));
		this.#page = Math.min(this.#page, pages);
		return {
			items: found.slice((this.#page - 1) * size, this.#page * size),
			page: this.#page,
			page_count: pages,
			page_size: size,
			filtered_count: found.length,
			total_count: rows.length,
		};
	}

}

function value(column, row) {
	return column.value ? column.value(row) : column.id.split('.').reduce((found, name) => found?.[name], row);
}

function cell(column, row) {
	const shown = column.show ? column.show(row) : value(column, row);
	return column.numeric && typeof shown === 'number' ? shown.toLocaleString('en') : shown;
}

function classes(column) {
	return [column.numeric ? 'numeric' : '', column.minor ? 'minor' : ''].join(' ').trim();
}

function compare(one, other) {
	if (typeof one === 'number' && typeof other === 'number') {
		return one - other;
	}
	if (one === undefined || one === null || other === undefined || other === null) {
		return Number(one !== undefined && one !== null) - Number(other !== undefined && other !== null);
	}
	return String(one).localeCompare(String(other), 'en', { numeric: true });
}
