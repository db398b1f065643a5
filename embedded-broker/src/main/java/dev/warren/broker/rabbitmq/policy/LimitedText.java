package dev.warren.broker.rabbitmq.policy;

/**
 * A text that can be read for a while only. There are patterns for which it would take
 * years to find that they do not match; as in RabbitMQ, they do not match.
 */
final class LimitedText implements CharSequence {

	private static final int MOST_READS = 500_000;

	private final String text;

	private int reads;

	LimitedText(String text) {
		this.text = text;
	}

	@Override
	public int length() {
		return this.text.length();
	}

	@Override
	public char charAt(int index) {
		if (++this.reads > MOST_READS) {
			throw new ExhaustedException();
		}
		return this.text.charAt(index);
	}

	@Override
	public CharSequence subSequence(int start, int end) {
		return this.text.subSequence(start, end);
	}

	@Override
	public String toString() {
		return this.text;
	}

	/**
	 * It was read too often.
	 */
	static final class ExhaustedException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		ExhaustedException() {
			super(null, null, false, false);
		}

	}

}
