package com.example.orders;

import dev.warren.broker.junit.EmbeddedBrokerTest;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.ActiveProfiles;

@SpringBootTest
@EmbeddedBrokerTest
@ActiveProfiles("binders")
class BinderWithItsOwnHostTests extends ShippingTests {

}
