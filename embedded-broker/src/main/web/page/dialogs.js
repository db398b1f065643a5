import { html, nothing, render } from '../parts/html.js';
import { explain } from './session.js';
import { texts } from './texts.js';

let number = 0;

/**
 * Asks before something is lost, and does it.
 *
 * @param question title, text, action (of the button), submit: async () => nothing
 * @returns a promise of whether it was done
 */
export function confirmed(question) {
	return form({ danger: true, fields: () => nothing, ...question });
}

/**
 * A form in a dialog, which closes when what it is for has been done.
 *
 * @param options title, text, action, danger, wide, fields: () => template, submit: async (FormData) => nothing. The message of
 * what it throws is shown.
 * @returns a promise of whether it was done
 */
export function form({ title, text, action, danger = false, wide = false, fields, submit }) {
	return new Promise((resolve) => {
		const dialog = document.createElement('dialog');
		const heading = `dialog-${++number}`;
		let problem = '';
		let busy = false;
		let done = false;
		const draw = () => render(html`
			<form @submit=${submitted} novalidate>
				<h2 id=${heading}>${title}</h2>
				${text ? html`<p>${text}</p>` : nothing}
				${fields()}
				<p class="error" role="alert" ?hidden=${!problem}>${problem}</p>
				<div class="row end">
					<button type="button" @click=${() => dialog.close()}>${texts.cancel}</button>
					<button class="primary ${danger ? 'danger' : ''}" ?disabled=${busy}>${action}</button>
				</div>
			</form>`, dialog);
		const submitted = async (event) => {
			event.preventDefault();
			if (busy) {
				return;
			}
			const missing = [...event.target.elements].find((element) => element.willValidate && !element.validity.valid);
			if (missing) {
				problem = missing.validity.valueMissing ? texts.isRequired : missing.validationMessage;
				draw();
				missing.focus();
				return;
			}
			busy = true;
			problem = '';
			draw();
			try {
				await submit(new FormData(event.target));
				done = true;
			}
			catch (error) {
				problem = explain(error);
			}
			busy = false;
			if (done) {
				dialog.close();
			}
			else {
				draw();
			}
		};
		dialog.setAttribute('aria-labelledby', heading);
		dialog.classList.toggle('wide', wide);
		dialog.addEventListener('redraw', draw);
		dialog.addEventListener('close', () => {
			dialog.remove();
			resolve(done);
		});
		draw();
		document.body.append(dialog);
		dialog.showModal();
	});
}
