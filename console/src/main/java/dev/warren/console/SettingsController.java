package dev.warren.console;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Tells the page what it cannot know: where a person would reach the services and the
 * broker, and what can be done here.
 */
@RestController
class SettingsController {

	private final Settings settings;

	SettingsController(ConsoleProperties properties, ObjectProvider<BrokerRestart> restart) {
		Map<String, URI> services = new LinkedHashMap<>();
		properties.services().byName().forEach((name, service) -> services.put(name, service.address()));
		this.settings = new Settings(properties.broker().virtualHost(), services, properties.broker().address(),
				properties.broker().username(), restart.getIfAvailable() != null);
	}

	@GetMapping("/settings")
	ResponseEntity<Settings> settings() {
		return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(this.settings);
	}

	record Settings(String virtualHost, Map<String, URI> services, URI broker, String user, boolean restart) {

	}

}
