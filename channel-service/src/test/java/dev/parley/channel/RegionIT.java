package dev.parley.channel;

import static dev.parley.channel.Channel.admin;
import static dev.parley.channel.Channel.await;
import static dev.parley.channel.Channel.count;
import static dev.parley.channel.Channel.execute;
import static dev.parley.channel.Channel.member;
import static dev.parley.channel.Channel.newTenant;
import static dev.parley.channel.Channel.telegram;
import static dev.parley.channel.Channel.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.parley.channel.account.AccountRoute;
import dev.parley.channel.account.AccountService;
import dev.parley.channel.adapter.InboundEvent;
import dev.parley.channel.adapter.InboundMessage;
import dev.parley.channel.adapter.Sender;
import dev.parley.channel.contact.Regions;
import dev.parley.channel.reception.Arrival;
import dev.parley.channel.reception.ReceptionService;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A number without its country is read as of the tenant's own region. */
@QuarkusTest
@QuarkusTestResource(ChannelTestResource.class)
class RegionIT {
    private static final String SETTINGS = "/api/v1/contacts/settings";

    @Inject
    ReceptionService reception;

    @Inject
    AccountService accounts;

    @Inject
    Database database;

    @Inject
    Regions regions;

    private final TenantId tenant = newTenant();

    @Test
    void eachTenantHasItsOwnAndElseThePlatforms() {
        member(tenant)
                .get(SETTINGS)
                .then()
                .statusCode(200)
                .body("default_region", nullValue())
                .body("effective_region", equalTo("IN"));
        add(tenant, "030 901820").statusCode(422);

        set("DE").statusCode(200).body("default_region", equalTo("DE")).body("effective_region", equalTo("DE"));

        String id = add(tenant, "030 901820")
                .statusCode(201)
                .body("phone", equalTo("+4930901820"))
                .body("phone_raw", equalTo("030 901820"))
                .extract()
                .path("id");
        add(tenant, "098765 43210", "IN").statusCode(201).body("phone", equalTo("+919876543210"));
        member(tenant)
                .queryParam("phone", "(030) 90 18 20")
                .get("/api/v1/contacts")
                .then()
                .body("items.id", contains(id));
        TenantId other = newTenant();
        add(other, "030 901820").statusCode(422);
        add(other, "098765 43210").statusCode(201).body("phone", equalTo("+919876543210"));
        set(null).statusCode(200).body("default_region", nullValue()).body("effective_region", equalTo("IN"));
        add(tenant, "030 901821").statusCode(422);
        member(tenant).get("/api/v1/contacts/" + id).then().body("phone", equalTo("+4930901820"));
        assertThat(AuditTrail.actions(AuditTrail.of(tenant, 4)))
                .filteredOn(action -> action.startsWith("contact-settings"))
                .containsExactly("contact-settings.change admin-" + tenant, "contact-settings.change admin-" + tenant);
    }

    @Test
    void whoWritesIsKnownByTheTenantsRegion() {
        set("DE").statusCode(200);
        AccountRoute route =
                accounts.route(UUID.fromString(telegram(tenant, "concierge"))).orElseThrow();

        InboundMessage message = new InboundMessage(
                "c-1", new Sender("c-1", null, null, null, "030 901820"), "hi", Instant.now(), 1, List.of(), null);
        database.useTenant(
                tenant,
                handle -> reception.receive(
                        handle,
                        route.tenant(),
                        List.of(new Arrival(
                                route, new InboundEvent.Message("e-1", "message", message), Ids.next(), List.of()))));

        assertThat(text("select phone from app.contact where tenant_id = '" + tenant + "'"))
                .isEqualTo("+4930901820");
    }

    @Test
    void whatAnotherReplicaSetIsKnownSoonAndNoMessageLooksForIt() {
        execute("insert into app.contact_setting (tenant_id, default_region, changed_by, created_by) values ('" + tenant
                + "', 'FR', 'x', 'x')");
        await(() -> regions.of(tenant).equals("FR"));
        add(tenant, "01 42 68 53 00").statusCode(201).body("phone", equalTo("+33142685300"));

        execute("delete from app.contact_setting where tenant_id = '" + tenant + "'");
        await(() -> regions.of(tenant).equals("IN"));
        assertThat(count("select count(*) from app.contact_setting where tenant_id = '" + tenant + "'"))
                .isZero();
    }

    @Test
    void onlyAdminsSetARegionThatThereIs() {
        member(tenant).body(Map.of("default_region", "DE")).put(SETTINGS).then().statusCode(403);
        set("XX").statusCode(422).body("code", equalTo("VALIDATION_FAILED"));
        set("de").statusCode(422);
        admin(tenant).body(Map.of("region", "DE")).put(SETTINGS).then().statusCode(400);
        member(newTenant()).get(SETTINGS).then().body("effective_region", equalTo("IN"));
    }

    private ValidatableResponse set(String region) {
        Map<String, Object> body = new HashMap<>();
        body.put("default_region", region);
        return admin(tenant).body(body).put(SETTINGS).then();
    }

    private static ValidatableResponse add(TenantId tenant, String phone) {
        return member(tenant)
                .body(Map.of("display_name", "Asha", "phone", phone))
                .post("/api/v1/contacts")
                .then();
    }

    private static ValidatableResponse add(TenantId tenant, String phone, String region) {
        return member(tenant)
                .body(Map.of("display_name", "Asha", "phone", phone, "phone_region", region))
                .post("/api/v1/contacts")
                .then();
    }
}
