package dev.warren.logs;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class LineWriterTests {

	private final Output output = new Output();

	@Test
	void linesAreWrittenInOrder() {
		try (LineWriter writer = new LineWriter("test", this.output)) {
			this.output.open.countDown();
			for (int i = 0; i < 1000; i++) {
				writer.accept(Lines.line("a", "line " + i));
			}
		}

		assertThat(this.output.written).hasSize(1001).startsWith("line 0", "line 1").endsWith("line 999", "closed");
	}

	@Test
	void aSlowOutputLosesLinesAndIsToldHowManyAndNobodyWaits() {
		try (LineWriter writer = new LineWriter("test", this.output)) {
			for (int i = 0; i < 20_000; i++) {
				writer.accept(Lines.line("a", "line " + i));
			}
			this.output.open.countDown();
			await().until(() -> this.output.written.size() >= 10_000);
			writer.accept(Lines.line("a", "last"));
			await().until(() -> this.output.written.contains("last"));
		}

		int told = this.output.written.stream()
			.filter((line) -> line.startsWith("lost "))
			.mapToInt((line) -> Integer.parseInt(line.substring(5)))
			.sum();
		assertThat(told).isPositive();
		// Every line is written or told of, and besides them there are 'last' and
		// 'closed'.
		assertThat(this.output.written.stream().filter((line) -> line.startsWith("line ")).count() + told)
			.isEqualTo(20_000);
	}

	@Test
	void whatIsLostAtTheEndOfABurstIsToldThoughNoLineFollows() {
		try (LineWriter writer = new LineWriter("test", this.output)) {
			for (int i = 0; i < 20_000; i++) {
				writer.accept(Lines.line("a", "line " + i));
			}
			this.output.open.countDown();

			await().untilAsserted(() -> assertThat(this.output.written).last().asString().startsWith("lost "));
		}
	}

	@Test
	void whatIsLostIsToldWhenTheOutputClosesAtTheLatest() {
		try (LineWriter writer = new LineWriter("test", this.output)) {
			this.output.open.countDown();
			this.output.failing = true;
			for (int i = 0; i < 3; i++) {
				writer.accept(Lines.line("a", "line " + i));
			}
			await().until(() -> this.output.failures == 3);
			this.output.failing = false;
		}

		assertThat(this.output.written).containsExactly("lost 3", "closed");
	}

	@Test
	void whatWaitsIsBoundedInSizeToo() {
		String large = "x".repeat(64 * 1024);
		try (LineWriter writer = new LineWriter("test", this.output)) {
			for (int i = 0; i < 1000; i++) {
				writer.accept(Lines.line("a", large));
			}
			this.output.open.countDown();
		}

		assertThat(this.output.written.stream().filter((line) -> line.startsWith("x")).count()).isBetween(1L, 150L);
	}

	@Test
	void linesThatCannotBeWrittenAreToldOnceOthersCan() {
		try (LineWriter writer = new LineWriter("test", this.output)) {
			this.output.open.countDown();
			this.output.failing = true;
			for (int i = 0; i < 3; i++) {
				writer.accept(Lines.line("a", "line " + i));
			}
			await().until(() -> this.output.failures == 3);
			this.output.failing = false;
			writer.accept(Lines.line("a", "line 3"));
		}

		assertThat(this.output.written).containsExactly("lost 3", "line 3", "closed");
	}

	/**
	 * An output that writes once it is open.
	 */
	private static final class Output implements LineOutput {

		private final CountDownLatch open = new CountDownLatch(1);

		private final List<String> written = new CopyOnWriteArrayList<>();

		private volatile boolean failing;

		private volatile int failures;

		@Override
		public void write(LogLine line) throws IOException {
			append(line.message());
		}

		@Override
		public void lost(long count) throws IOException {
			append("lost " + count);
		}

		private void append(String text) throws IOException {
			try {
				this.open.await();
			}
			catch (InterruptedException ex) {
				throw new IOException(ex);
			}
			if (this.failing) {
				this.failures++;
				throw new IOException("full");
			}
			this.written.add(text);
		}

		@Override
		public void close() {
			this.written.add("closed");
		}

	}

}
