package dev.warren.messaging;

import io.micrometer.tracing.exporter.SpanReporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.SpanExporters;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.SpanProcessors;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What becomes of spans. Where nothing is configured to export them, none is queued:
 * Spring Boot's queue would overflow under load, and the log would say so.
 */
@Configuration(proxyBeanMethods = false)
class TracingConfiguration {

	@Bean
	SpanProcessors spanProcessors(ObjectProvider<SpanProcessor> processors,
			@Qualifier("otelSpanProcessor") ObjectProvider<BatchSpanProcessor> queue,
			ObjectProvider<SpanExporters> exporters, ObjectProvider<SpanReporter> reporters) {
		boolean exporting = exporters.stream().anyMatch((configured) -> !configured.list().isEmpty())
				|| reporters.stream().findAny().isPresent();
		SpanProcessor unused = exporting ? null : queue.getIfAvailable();
		return SpanProcessors.of(processors.orderedStream().filter((processor) -> !processor.equals(unused)).toList());
	}

}
