package dev.parley.agent.tool;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Boxes as the service has them, for tests of other packages. */
public final class ToolBoxes {
    private ToolBoxes() {}

    /** The functions that need nothing else. */
    public static ToolBox standard() {
        return new ToolBox(
                List.of(new CurrentTimeTool(Clock.systemUTC()), new HandoffTool()),
                tenant -> Map.of(),
                (tenant, wish) -> Approvals.Answer.ASKED,
                config("agent.tool.max-steps", "8"));
    }

    /** The functions that need nothing else, and others. */
    public static ToolBox with(List<ServerTool> others) {
        List<ServerTool> all = new ArrayList<>(others);
        all.add(new CurrentTimeTool(Clock.systemUTC()));
        all.add(new HandoffTool());
        return new ToolBox(
                all, tenant -> Map.of(), (tenant, wish) -> Approvals.Answer.ASKED, config("agent.tool.max-steps", "8"));
    }

    /** The service's settings but one. */
    public static ToolConfig config(String name, String value) {
        return new SmallRyeConfigBuilder()
                .withMapping(ToolConfig.class)
                .withConverter(java.time.Duration.class, 300, text -> java.time.Duration.parse("PT" + text))
                .withDefaultValue(name, value)
                .build()
                .getConfigMapping(ToolConfig.class);
    }
}
