package dev.warren.rpc;

import java.math.BigInteger;
import java.util.function.BooleanSupplier;

/**
 * Ways to compute a Fibonacci number: F(0) = 0, F(1) = 1, F(n) = F(n - 1) + F(n - 2).
 */
public enum Fibonacci {

	/**
	 * The tutorial's own, two calls for each number: slow work, on purpose.
	 */
	RECURSIVE(40) {

		@Override
		BigInteger compute(int n, BooleanSupplier expired) {
			return BigInteger.valueOf(recursive(n, expired));
		}

		private long recursive(int n, BooleanSupplier expired) {
			// Looking at the clock in each call would be most of the work.
			if (n == CHECKED_DEPTH && expired.getAsBoolean()) {
				throw new ExpiredException();
			}
			return (n < 2) ? n : recursive(n - 1, expired) + recursive(n - 2, expired);
		}

	},

	/**
	 * Adds up from the beginning: n additions.
	 */
	ITERATIVE(Fibonacci.MAX_N) {

		@Override
		BigInteger compute(int n, BooleanSupplier expired) {
			BigInteger current = BigInteger.ZERO;
			BigInteger next = BigInteger.ONE;
			for (int i = 0; i < n; i++) {
				if (i % 1000 == 0 && expired.getAsBoolean()) {
					throw new ExpiredException();
				}
				BigInteger sum = current.add(next);
				current = next;
				next = sum;
			}
			return current;
		}

	},

	/**
	 * Doubles the index for each bit of n: F(2k) = F(k) (2 F(k + 1) - F(k)) and F(2k + 1)
	 * = F(k)&sup2; + F(k + 1)&sup2;.
	 */
	FAST_DOUBLING(Fibonacci.MAX_N) {

		@Override
		BigInteger compute(int n, BooleanSupplier expired) {
			BigInteger current = BigInteger.ZERO;
			BigInteger next = BigInteger.ONE;
			for (int bit = Integer.highestOneBit(n); bit != 0; bit >>= 1) {
				if (expired.getAsBoolean()) {
					throw new ExpiredException();
				}
				BigInteger even = current.multiply(next.shiftLeft(1).subtract(current));
				BigInteger odd = current.multiply(current).add(next.multiply(next));
				current = ((n & bit) == 0) ? even : odd;
				next = ((n & bit) == 0) ? odd : even.add(odd);
			}
			return current;
		}

	};

	/**
	 * The largest n there is an answer for.
	 */
	public static final int MAX_N = 100_000;

	private static final int CHECKED_DEPTH = 15;

	private final int maxN;

	Fibonacci(int maxN) {
		this.maxN = maxN;
	}

	/**
	 * The largest n this algorithm takes.
	 */
	int maxN() {
		return this.maxN;
	}

	/**
	 * Computes a Fibonacci number.
	 * @param n its index, 0 to {@link #maxN()}
	 * @param expired asked now and then whether nobody waits any more
	 * @return the number
	 * @throws ExpiredException if so
	 */
	abstract BigInteger compute(int n, BooleanSupplier expired);

	/**
	 * A computation given up because nobody waits for it any more.
	 */
	static final class ExpiredException extends RuntimeException {

		private static final long serialVersionUID = 1L;

	}

}
