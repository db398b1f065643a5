package dev.warren.postbox;

import java.time.Duration;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The properties of the postbox service.
 *
 * @param maxBoxes how many boxes there may be
 * @param maxKeys how many keys each may have
 * @param handleTimeout how long a letter may stay unsettled before it goes back to its
 * box; RabbitMQ itself closes a channel after 30 minutes
 * @param maxHandles how many collected letters may be unsettled at once; each takes a
 * channel, of which a connection has 2047
 * @param rememberedHandles how many settled handles are remembered
 * @param maxStreams how many readers of streams there may be; each takes a thread
 * @param streamPrefetch how many letters a reader of a stream may have that are not
 * acknowledged
 */
@Validated
@ConfigurationProperties(prefix = "warren.postbox", ignoreUnknownFields = false)
public record PostboxProperties(@DefaultValue("1000") @Min(1) @Max(1000) int maxBoxes,
		@DefaultValue("20") @Min(1) int maxKeys,
		@DefaultValue("60s") @DurationMin(millis = 1) @DurationMax(minutes = 29) Duration handleTimeout,
		@DefaultValue("200") @Min(1) @Max(1000) int maxHandles, @DefaultValue("10000") @Min(0) int rememberedHandles,
		@DefaultValue("50") @Min(1) @Max(500) int maxStreams,
		@DefaultValue("50") @Min(1) @Max(1000) int streamPrefetch) {

}
