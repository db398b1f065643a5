package dev.warren.messaging.publish;

import java.time.Duration;

import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How messages are published.
 *
 * @param confirmTimeout how long the broker may take to confirm a message
 * @param maxUnconfirmed how many messages may wait for the broker at once
 * @param maxUnconfirmedSize how large, together, their bodies may be
 */
@Validated
@ConfigurationProperties("warren.publisher")
public record PublisherProperties(@DefaultValue("5s") Duration confirmTimeout,
		@DefaultValue("10000") @Min(1) int maxUnconfirmed, @DefaultValue("64MB") DataSize maxUnconfirmedSize) {

}
