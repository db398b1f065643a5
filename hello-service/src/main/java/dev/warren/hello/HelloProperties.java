package dev.warren.hello;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The properties of the hello service.
 *
 * @param durable whether the queue survives a restart of the broker; without this
 * property {@code warren.edition} decides
 * @param receivers how many receivers there are at the start
 * @param maxReceivers how many there may be
 * @param feedCapacity how many received messages are remembered
 * @param feedSize how much memory they may take
 */
@Validated
@ConfigurationProperties(prefix = "warren.hello", ignoreUnknownFields = false)
public record HelloProperties(@Nullable Boolean durable, @DefaultValue("1") @Min(0) int receivers,
		@DefaultValue("100") @Min(1) int maxReceivers, @DefaultValue("1000") @Min(1) @Max(100_000) int feedCapacity,
		@DefaultValue("16MB") DataSize feedSize) {

}
