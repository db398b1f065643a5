package dev.warren.rpc;

import java.math.BigInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class FibonacciTests {

	@ParameterizedTest
	@CsvSource({ "0, 0", "1, 1", "2, 1", "3, 2", "10, 55", "30, 832040", "32, 2178309" })
	void everyAlgorithmKnowsTheFirstNumbers(int n, BigInteger value) {
		for (Fibonacci algorithm : Fibonacci.values()) {
			assertThat(algorithm.compute(n, () -> false)).as(algorithm.name()).isEqualTo(value);
		}
	}

	@Test
	void theLargestNumberIsExact() {
		BigInteger largest = independently(Fibonacci.MAX_N);

		assertThat(Fibonacci.FAST_DOUBLING.compute(Fibonacci.MAX_N, () -> false)).isEqualTo(largest);
		assertThat(Fibonacci.ITERATIVE.compute(Fibonacci.MAX_N, () -> false)).isEqualTo(largest);
		assertThat(largest.toString()).hasSize(20899)
			.startsWith("2597406934722172416")
			.endsWith("49895374653428746875");
	}

	@ParameterizedTest
	@EnumSource(names = { "RECURSIVE", "ITERATIVE" })
	void aSlowComputationEndsWhenNobodyWaits(Fibonacci algorithm) {
		assertThatExceptionOfType(Fibonacci.ExpiredException.class)
			.isThrownBy(() -> algorithm.compute(algorithm.maxN(), () -> true));
	}

	/**
	 * A Fibonacci number, computed in another way than the service does: F(n) is the
	 * upper right of the n-th power of {{1, 1}, {1, 0}}.
	 */
	static BigInteger independently(int n) {
		BigInteger[] power = { BigInteger.ONE, BigInteger.ZERO, BigInteger.ONE };
		BigInteger[] base = { BigInteger.ONE, BigInteger.ONE, BigInteger.ZERO };
		for (int bits = n; bits > 0; bits >>= 1) {
			if ((bits & 1) == 1) {
				power = product(power, base);
			}
			base = product(base, base);
		}
		return power[1];
	}

	// Symmetric matrices {{a, b}, {b, c}} of the same base commute.
	private static BigInteger[] product(BigInteger[] x, BigInteger[] y) {
		return new BigInteger[] { x[0].multiply(y[0]).add(x[1].multiply(y[1])),
				x[0].multiply(y[1]).add(x[1].multiply(y[2])), x[1].multiply(y[1]).add(x[2].multiply(y[2])) };
	}

}
