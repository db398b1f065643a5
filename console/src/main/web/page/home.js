/**
 * The first page: what there is to learn, in which order.
 */

import { html, render } from '../parts/html.js';
import { LESSONS } from './lessons/index.js';

export function show(host, { texts }) {
	render(html`
		<div class="stack">
			<h1>${texts.home.title}</h1>
			<p class="lead">${texts.home.intro}</p>
		</div>
		<ol class="columns lessons">${LESSONS.map(({ id }, index) => html`
			<li class="card stack tight">
				<h2><a href=${`/lessons/${id}`}>${index + 1}. ${texts.lessons[id].title}</a></h2>
				<p>${texts.lessons[id].intro}</p>
			</li>`)}</ol>
		<p>${texts.home.then} <a href="/playground">${texts.site.playground}</a>, <a href="/overview">${texts.site.overview}</a>.</p>`, host);
}
