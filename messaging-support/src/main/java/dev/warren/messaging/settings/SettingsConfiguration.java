package dev.warren.messaging.settings;

import org.springframework.context.EnvironmentAware;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Has a service refuse settings that it would ignore.
 */
@Configuration(proxyBeanMethods = false)
public class SettingsConfiguration implements EnvironmentAware {

	@Override
	public void setEnvironment(Environment environment) {
		PropertyNames.check(environment);
	}

}
