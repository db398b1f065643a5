package dev.warren.broker.rabbitmq.access;

import java.util.regex.Pattern;

/**
 * Matches regular expressions that others have written. One that looks at a name over and
 * over does not hold up the broker: after half a million looks it does not match.
 * RabbitMQ's regular expressions have such a limit too.
 */
public final class BoundedMatching {

	private static final int MOST_LOOKS = 500_000;

	private BoundedMatching() {
	}

	/**
	 * Whether some part of the name matches.
	 */
	public static boolean find(Pattern pattern, String name) {
		try {
			return pattern.matcher(new Text(name)).find();
		}
		catch (TooManyLooksException | StackOverflowError ex) {
			return false;
		}
	}

	/**
	 * A text that can be looked at only so often.
	 */
	private static final class Text implements CharSequence {

		private final String text;

		private int looks;

		Text(String text) {
			this.text = text;
		}

		@Override
		public int length() {
			return this.text.length();
		}

		@Override
		public char charAt(int index) {
			if (++this.looks > MOST_LOOKS) {
				throw new TooManyLooksException();
			}
			return this.text.charAt(index);
		}

		@Override
		public CharSequence subSequence(int start, int end) {
			return this.text.substring(start, end);
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

	private static final class TooManyLooksException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		TooManyLooksException() {
			super(null, null, false, false);
		}

	}

}
