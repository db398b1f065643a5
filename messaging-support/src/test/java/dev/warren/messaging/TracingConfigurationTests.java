package dev.warren.messaging;

import io.micrometer.tracing.exporter.SpanReporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.SpanExporters;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.SpanProcessors;
import org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

class TracingConfigurationTests {

	private final ApplicationContextRunner application = new ApplicationContextRunner()
		.withUserConfiguration(TracingConfiguration.class)
		.withConfiguration(AutoConfigurations.of(OpenTelemetrySdkAutoConfiguration.class,
				OpenTelemetryTracingAutoConfiguration.class));

	@Test
	void spansAreNotQueuedForNobody() {
		this.application.run((context) -> assertThat(context.getBean(SpanProcessors.class).list()).isEmpty());
	}

	@Test
	void spansAreQueuedForAnExporter() {
		assertQueued(this.application.withBean(SpanExporter.class, SpanExporter::composite));
	}

	@Test
	void spansAreQueuedForExportersOfTheApplicationsOwn() {
		assertQueued(this.application.withBean(SpanExporters.class, () -> SpanExporters.of(SpanExporter.composite())));
	}

	@Test
	void spansAreQueuedForAReporter() {
		assertQueued(this.application.withBean(SpanReporter.class, () -> (span) -> {
		}));
	}

	@Test
	void processorsOfTheApplicationsOwnAreKept() {
		this.application
			.withBean("theirQueue", BatchSpanProcessor.class,
					() -> BatchSpanProcessor.builder(SpanExporter.composite()).build())
			.withBean("theirs", SpanProcessor.class, () -> SimpleSpanProcessor.create(SpanExporter.composite()))
			.run((context) -> assertThat(context.getBean(SpanProcessors.class).list()).containsExactlyInAnyOrder(
					context.getBean("theirQueue", SpanProcessor.class),
					context.getBean("theirs", SpanProcessor.class)));
	}

	private static void assertQueued(ApplicationContextRunner application) {
		application.run((context) -> assertThat(context.getBean(SpanProcessors.class).list())
			.containsExactly(context.getBean(BatchSpanProcessor.class)));
	}

}
