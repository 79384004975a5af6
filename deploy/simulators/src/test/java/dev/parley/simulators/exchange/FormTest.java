package dev.parley.simulators.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

class FormTest {

    @Test
    void bracketsBuildObjectsAndLists() {
        assertThat(Form.parse(
                        "a=1&line[0][price_data][name]=x+y&line[1][q]=2&expand[]=p&expand[]=q&meta%5Bk%5D=%E2%82%AC"))
                .isEqualTo(new JsonObject("""
                        {"a":"1","line":[{"price_data":{"name":"x y"}},{"q":"2"}],"expand":["p","q"],"meta":{"k":"€"}}
                        """));
    }

    @Test
    void nothingIsAnEmptyObject() {
        assertThat(Form.parse(null)).isEmpty();
        assertThat(Form.parse("")).isEmpty();
        assertThat(Form.parse("a")).isEqualTo(new JsonObject().put("a", ""));
    }

    @Test
    void brokenTextIsRefused() {
        assertThatThrownBy(() -> Form.parse("a=%zz")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Form.parse("a[b=1")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Form.parse("a=1&a[b]=2")).isInstanceOf(IllegalArgumentException.class);
    }
}
