package dev.parley.peers;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Spring Cloud Gateway with the features that Parley's gateway has, for the benchmark beside it. */
@SpringBootApplication
public class SpringCloudGateway {
    /** Starts it; its settings come from the environment. */
    public static void main(String[] arguments) {
        SpringApplication.run(SpringCloudGateway.class, arguments);
    }
}
