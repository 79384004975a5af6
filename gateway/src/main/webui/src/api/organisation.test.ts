import { beforeEach, describe, expect, it } from "vitest";
import { Problem } from "./client";
import { identify, OrganisationChoice } from "./organisation";
import type { Me } from "./types";

class Shelf {
  readonly kept = new Map<string, string>();
  getItem = (key: string) => this.kept.get(key) ?? null;
  setItem = (key: string, value: string) => void this.kept.set(key, value);
  removeItem = (key: string) => void this.kept.delete(key);
}

function me(tenant: string | null): Me {
  return { user_id: "u", email: "ada@example.com", tenant_id: tenant, platform_admin: false, memberships: [] };
}

describe("identify", () => {
  let shelf: Shelf;
  let asked: (string | null)[];

  beforeEach(() => {
    shelf = new Shelf();
    asked = [];
  });

  function server(answers: Record<string, () => Me>) {
    return async (tenant: string | null) => {
      asked.push(tenant);
      return answers[tenant ?? "none"]!();
    };
  }

  function refuse(status: number, code: string) {
    return () => {
      throw new Problem(status, { code });
    };
  }

  it("lets the server choose while nothing is remembered", async () => {
    const found = await identify(new OrganisationChoice(shelf), server({ none: () => me("first") }));

    expect(found).toEqual({ me: me("first") });
    expect(asked).toEqual([null]);
  });

  it("opens the remembered organisation, also after a reload", async () => {
    new OrganisationChoice(shelf).choose("second");

    const found = await identify(new OrganisationChoice(shelf), server({ second: () => me("second") }));

    expect(found).toEqual({ me: me("second") });
    expect(asked).toEqual(["second"]);
  });

  it.each(["FORBIDDEN", "TENANT_SUSPENDED", "TENANT_DELETED"])("falls back and says why when it is refused as %s", async (code) => {
    const choice = new OrganisationChoice(shelf);
    choice.choose("gone");

    const found = await identify(choice, server({ gone: refuse(403, code), none: () => me("first") }));

    expect(found).toEqual({ me: me("first"), refused: { tenant: "gone", code } });
    expect(choice.id).toBeNull();
    expect(shelf.kept.size).toBe(0);
  });

  it("forgets what is no organisation's id at all", async () => {
    const choice = new OrganisationChoice(shelf);
    choice.choose("'; drop table");

    const found = await identify(choice, server({ "'; drop table": refuse(400, "BAD_REQUEST"), none: () => me("first") }));

    expect(found.me.tenant_id).toBe("first");
    expect(choice.id).toBeNull();
  });

  it.each([401, 500, 0])("keeps the choice when the answer is %i: that says nothing about the organisation", async (status) => {
    const choice = new OrganisationChoice(shelf);
    choice.choose("second");

    await expect(identify(choice, server({ second: refuse(status, "") }))).rejects.toMatchObject({ status });
    expect(choice.id).toBe("second");
    expect(asked).toEqual(["second"]);
  });

  it("works in a browser that keeps nothing", async () => {
    const choice = new OrganisationChoice();
    choice.choose("second");

    expect((await identify(choice, server({ second: () => me("second") }))).me.tenant_id).toBe("second");
  });
});
