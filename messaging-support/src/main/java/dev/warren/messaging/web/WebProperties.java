package dev.warren.messaging.web;

import java.time.Duration;
import java.util.List;

import jakarta.validation.constraints.Positive;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * What a service takes over HTTP.
 *
 * @param allowedHosts the host names, without a port, by which the service may be called
 * besides {@code localhost} and IP addresses
 * @param maxRequestSize how large the body of a request may be
 * @param uploadTimeout how long it may take to arrive
 * @param maxStreams how many readers of streams there may be
 */
@ConfigurationProperties(prefix = "warren.web", ignoreUnknownFields = false)
@Validated
record WebProperties(@DefaultValue List<String> allowedHosts, @DefaultValue("1MB") DataSize maxRequestSize,
		@DefaultValue("20s") Duration uploadTimeout, @DefaultValue("1000") @Positive int maxStreams) {

}
