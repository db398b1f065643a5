import { html, nothing, number, svg } from '../parts/html.js';
import { texts } from './texts.js';

const WIDTH = 600;

const HEIGHT = 140;

/** For how long, in seconds, and how often there are samples. */
const RANGE = { age: 600, increment: 10 };

/** The parameters with which the management API answers with samples. */
export const SAMPLES = {
	msg_rates_age: RANGE.age,
	msg_rates_incr: RANGE.increment,
	lengths_age: RANGE.age,
	lengths_incr: RANGE.increment,
};

/** The values of what the API calls details, the oldest first. */
export function values(details) {
	return (details?.samples ?? []).map(({ sample }) => sample).reverse();
}

/** How much the values of what the API calls details have grown a second. */
export function rates(details) {
	const samples = values(details);
	// What was counted before the first sample is no rate.
	return samples.slice(1).map((value, index) => (samples[index] === 0 && index === 0 ? 0
		: Math.max(0, value - samples[index]) / RANGE.increment));
}

/**
 * Lines over the last minutes, with a legend that has the last value of each.
 *
 * @param series name, values and last (text or number) of each; at most four
 */
export function chart(title, series) {
	const most = top(Math.max(1, ...series.flatMap((one) => one.values)));
	const summary = texts.chart.summary(title, series);
	return html`
		<figure class="chart">
			<figcaption><h2>${title}</h2></figcaption>
			<ul class="legend plain row">
				${series.map((one, index) => html`<li><span class="key line-${index}" aria-hidden="true"></span>${one.name}
					<strong>${one.last}</strong></li>`)}
			</ul>
			<div class="plot" role="img" aria-label=${summary}>
				<span class="most small muted">${number(most)}</span>
				<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
					${[0, 0.5, 1].map((part) => svg`<line class="grid" x1="0" x2=${WIDTH} y1=${y(part)} y2=${y(part)}></line>`)}
					${series.map((one, index) => (one.values.length > 1
						? svg`<polyline class="line-${index}" points=${points(one.values, most)}></polyline>` : nothing))}
				</svg>
				<span class="axis small muted"><span>${texts.chart.ago(RANGE.age / 60)}</span><span>${texts.chart.now}</span></span>
			</div>
		</figure>`;
}

function y(part) {
	return HEIGHT - 2 - part * (HEIGHT - 4);
}

function points(list, most) {
	return list.map((value, index) => `${(index * WIDTH) / (list.length - 1)},${y(value / most)}`).join(' ');
}

/** The next round number. */
function top(most) {
	const power = 10 ** Math.floor(Math.log10(most));
	return [1, 2, 5, 10].map((factor) => factor * power).find((round) => round >= most);
}
