package dev.warren.logs;

import java.nio.file.Path;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The properties of the logs service.
 *
 * @param maxSubscriptions how many subscriptions there may be; each may hold one message
 * that it has not taken note of yet, of up to
 * {@code spring.rabbitmq.max-inbound-message-body-size}
 * @param maxBindings how many bindings each may have
 * @param feedCapacity how many received lines each remembers
 * @param feedsSize how much memory the lines of all subscriptions may take together,
 * which they share equally
 * @param everythingToLog whether there is a subscription to all of the topic exchange,
 * which is seen in the service's log
 * @param criticalToFile whether subscriptions to all that is critical write to a file
 * @param criticalFile that file; when it is full it gets a number and a new one is begun
 * @param criticalFileSize how large the file may be
 * @param criticalFiles how many files are kept, the one being written included
 */
@Validated
@ConfigurationProperties(prefix = "warren.logs", ignoreUnknownFields = false)
public record LogsProperties(@DefaultValue("100") @Min(1) int maxSubscriptions,
		@DefaultValue("100") @Min(1) int maxBindings, @DefaultValue("1000") @Min(1) @Max(100_000) int feedCapacity,
		@DefaultValue("24MB") DataSize feedsSize, @DefaultValue("false") boolean everythingToLog,
		@DefaultValue("false") boolean criticalToFile, @DefaultValue("./logs/critical.log") Path criticalFile,
		@DefaultValue("10MB") DataSize criticalFileSize, @DefaultValue("5") @Min(1) @Max(1000) int criticalFiles) {

}
