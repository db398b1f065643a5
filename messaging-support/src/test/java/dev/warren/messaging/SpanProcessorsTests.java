package dev.warren.messaging;

import java.util.List;

import io.micrometer.tracing.exporter.SpanReporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.support.StaticListableBeanFactory;

import static org.assertj.core.api.Assertions.assertThat;

class SpanProcessorsTests {

	private final StaticListableBeanFactory beans = new StaticListableBeanFactory();

	private final SpanProcessor batch = BatchSpanProcessor.builder(SpanExporter.composite()).build();

	private final SpanProcessor theirs = SimpleSpanProcessor.create(SpanExporter.composite());

	SpanProcessorsTests() {
		this.beans.addBean("batch", this.batch);
		this.beans.addBean("theirs", this.theirs);
	}

	@Test
	void spansAreNotQueuedForNobody() {
		assertThat(spanProcessors()).containsExactly(this.theirs);
	}

	@Test
	void spansAreQueuedForAnExporter() {
		this.beans.addBean("exporter", SpanExporter.composite());

		assertThat(spanProcessors()).containsExactly(this.batch, this.theirs);
	}

	@Test
	void spansAreQueuedForAReporter() {
		this.beans.addBean("reporter", (SpanReporter) (span) -> {
		});

		assertThat(spanProcessors()).containsExactly(this.batch, this.theirs);
	}

	private List<SpanProcessor> spanProcessors() {
		return new MessagingSupportConfiguration()
			.spanProcessors(this.beans.getBeanProvider(SpanProcessor.class),
					this.beans.getBeanProvider(SpanExporter.class), this.beans.getBeanProvider(SpanReporter.class))
			.list();
	}

}
