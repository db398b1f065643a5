package dev.warren.messaging.web;

import java.util.List;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What a service takes over HTTP.
 *
 * @param allowedHosts the host names, without a port, by which the service may be called
 * besides {@code localhost} and IP addresses
 */
@ConfigurationProperties("warren.web")
record WebProperties(@DefaultValue List<String> allowedHosts) {

}
