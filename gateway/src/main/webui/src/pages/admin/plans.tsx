import { Anchor, Button, Group, NumberInput, Stack, Text, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { get, request } from "../../api/client";
import { price } from "../../api/compare";
import { minorUnits, money, typed } from "../../api/money";
import { usePacks } from "../../api/queries";
import type { CreditPack, Page, Plan } from "../../api/types";
import { Dialog } from "../../components/dialog";
import { useFields } from "../../components/fields";
import { Heading } from "../../components/heading";
import { Notice } from "../../components/notice";
import { Rows } from "../../components/rows";
import { Section } from "../../components/section";
import { Trouble } from "../../components/trouble";
import { Waiting } from "../../components/waiting";

/** The newest version of every plan, as staff keeps them. */
export function useAdminPlans() {
  return useQuery({ queryKey: ["admin-plans"], queryFn: () => get<Page<Plan>>("/api/v1/admin/plans") });
}

/** What is on offer: plans and credit packs, each a row of versions that never change. */
export function PlansPage() {
  const plans = useAdminPlans();
  const packs = usePacks();
  const [pack, setPack] = useState<CreditPack | "new" | null>(null);
  const [notice, setNotice] = useState<string | null>(null);
  return (
    <Stack>
      <Heading title="Plans and packs" about="A change makes a new version. Whoever has subscribed keeps the version that he has until he takes another." />
      <Notice text={notice} dismiss={() => setNotice(null)} />
      <Section title="Plans">
        {plans.isPending && <Waiting label="Loading plans" />}
        {plans.error && <Trouble error={plans.error} retry={() => void plans.refetch()} />}
        {plans.data && (
          <Rows
            label="Plans"
            rows={plans.data.items}
            keyOf={(plan) => plan.code}
            minWidth={560}
            columns={[
              {
                head: "Plan",
                cell: (plan) => (
                  <>
                    <Anchor component={Link} to={`/admin/plans/${plan.code}`} size="sm">
                      {plan.name}
                    </Anchor>
                    <Text size="xs" c="dimmed">
                      {plan.code}
                    </Text>
                  </>
                ),
              },
              { head: "Version", right: true, width: 90, cell: (plan) => plan.version },
              { head: "Price", right: true, cell: price },
              { head: "Credits", right: true, cell: (plan) => plan.credits.toLocaleString() },
              { head: "Agents", from: "md", cell: (plan) => plan.agents.join(", ") },
            ]}
          />
        )}
        <Group>
          <Button component={Link} to="/admin/plans/new" variant="default">
            New plan
          </Button>
        </Group>
      </Section>
      <Section title="Credit packs">
        {packs.error && <Trouble error={packs.error} retry={() => void packs.refetch()} />}
        {packs.data?.items.length === 0 && <Text size="sm">There are none yet.</Text>}
        {packs.data && packs.data.items.length > 0 && (
          <Rows
            label="Credit packs"
            rows={packs.data.items}
            keyOf={(one) => one.code}
            minWidth={560}
            columns={[
              {
                head: "Pack",
                cell: (one) => (
                  <Anchor component="button" type="button" size="sm" onClick={() => setPack(one)}>
                    {one.name}
                  </Anchor>
                ),
              },
              { head: "Version", right: true, width: 90, cell: (one) => one.version },
              { head: "Price", right: true, cell: (one) => money(one.price) },
              { head: "Credits", right: true, cell: (one) => one.credits.toLocaleString() },
              { head: "Valid", right: true, cell: (one) => (one.valid_days ? `${one.valid_days} days` : "without an end") },
            ]}
          />
        )}
        <Group>
          <Button variant="default" onClick={() => setPack("new")}>
            New pack
          </Button>
        </Group>
      </Section>
      {pack && <PackDialog pack={pack === "new" ? undefined : pack} close={() => setPack(null)} say={setNotice} />}
    </Stack>
  );
}

function PackDialog({ pack, close, say }: { pack?: CreditPack; close: () => void; say: (notice: string) => void }) {
  const queries = useQueryClient();
  const { values, field } = useFields({
    code: pack?.code ?? "",
    name: pack?.name ?? "",
    price: pack ? typed(pack.price) : "",
    currency: pack?.price.currency ?? "INR",
  });
  const [credits, setCredits] = useState<number | string>(pack?.credits ?? "");
  const [days, setDays] = useState<number | string>(pack?.valid_days ?? "");
  const currency = values.currency.trim().toUpperCase();
  const amount = minorUnits(values.price, currency);
  return (
    <Dialog
      title={pack ? `Version ${pack.version + 1} of ${pack.name}` : "New credit pack"}
      action="Publish"
      close={close}
      disabled={Number.isNaN(amount) || credits === ""}
      run={async () => {
        const made = await request<CreditPack>("POST", "/api/v1/admin/credit-packs", {
          code: values.code.trim(),
          name: values.name.trim(),
          price: { amount, currency },
          credits: Number(credits),
          ...(pack ? { version: pack.version + 1 } : {}),
          ...(days === "" ? {} : { valid_days: Number(days) }),
        });
        await queries.invalidateQueries({ queryKey: ["packs"] });
        say(`${made.name} is on offer as version ${made.version}.`);
      }}
    >
      <TextInput label="Code" description="Small letters, digits and hyphens" required readOnly={pack !== undefined} {...field("code")} />
      <TextInput label="Name" required maxLength={100} {...field("name")} />
      <Group grow align="start">
        <TextInput label="Price" required inputMode="decimal" error={values.price !== "" && Number.isNaN(amount) ? "An amount like 499.00" : undefined} {...field("price")} />
        <TextInput label="Currency" required minLength={3} maxLength={3} {...field("currency")} />
      </Group>
      <Group grow align="start">
        <NumberInput label="Credits" required min={1} allowDecimal={false} value={credits} onChange={setCredits} />
        <NumberInput label="Valid for days" description="Empty means without an end" min={1} max={3650} allowDecimal={false} value={days} onChange={setDays} />
      </Group>
    </Dialog>
  );
}
