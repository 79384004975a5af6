import { Button, Group, NativeSelect, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { get, Problem, request } from "../../api/client";
import { COUNTRIES } from "../../api/countries";
import { orNone } from "../../api/queries";
import type { BillingProfile } from "../../api/types";
import { filled, useFields } from "../../components/fields";
import { Section } from "../../components/section";
import { Trouble } from "../../components/trouble";
import { Waiting } from "../../components/waiting";

/** Whom invoices are made out to, and the tax numbers on them. */
export function Profile({ manages, say }: { manages: boolean; say: (notice: string) => void }) {
  const profile = useQuery({
    queryKey: ["billing-profile"],
    queryFn: () => orNone(get<BillingProfile>("/api/v1/billing-profile")),
  });
  return (
    <Section title="Billing profile" about="What stands on invoices from now on; those that were issued stay as they are. Receipts and warnings go to its e-mail address.">
      {profile.isPending && <Waiting label="Loading the billing profile" />}
      {profile.error && <Trouble error={profile.error} retry={() => void profile.refetch()} />}
      {profile.data !== undefined && <ProfileForm profile={profile.data} manages={manages} say={say} />}
    </Section>
  );
}

function ProfileForm({ profile, manages, say }: { profile: BillingProfile | null; manages: boolean; say: (notice: string) => void }) {
  const queries = useQueryClient();
  const { values, field } = useFields({
    name: profile?.name ?? "",
    email: profile?.email ?? "",
    line1: profile?.address.line1 ?? "",
    line2: profile?.address.line2 ?? "",
    city: profile?.address.city ?? "",
    state: profile?.address.state ?? "",
    postal_code: profile?.address.postal_code ?? "",
    country: profile?.country ?? "IN",
    gstin: profile?.gstin ?? "",
    vat_id: profile?.vat_id ?? "",
  });
  const india = values.country === "IN";
  const save = useMutation({
    mutationFn: () => {
      const { name, email, country, line1, line2, city, state, postal_code } = values;
      const taxNumber: Record<string, string> = india ? { gstin: values.gstin.toUpperCase() } : { vat_id: values.vat_id };
      return request<BillingProfile>("PUT", "/api/v1/billing-profile", {
        ...filled({ name, email, country, ...taxNumber }),
        address: filled({ line1, line2, city, state, postal_code }),
      });
    },
    onSuccess: (saved) => {
      queries.setQueryData(["billing-profile"], saved);
      say("The billing profile is saved.");
    },
  });
  const problem = save.error instanceof Problem ? save.error : undefined;
  const input = (name: keyof typeof values, pointer: string = `/${name}`) => ({ ...field(name), readOnly: !manages, error: problem?.field(pointer) });

  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate();
  }

  if (!manages && !profile) return <Text size="sm">None was given yet. Admins and owners set it.</Text>;
  return (
    <form onSubmit={submit}>
      <Stack>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput label="Name" description="Of the business" required maxLength={200} autoComplete="organization" {...input("name")} />
          <TextInput label="E-mail" description="For invoices" type="email" required maxLength={254} autoComplete="email" {...input("email")} />
          <TextInput label="Address" required maxLength={200} autoComplete="address-line1" {...input("line1", "/address/line1")} />
          <TextInput label="Address, second line" maxLength={200} autoComplete="address-line2" {...input("line2", "/address/line2")} />
          <TextInput label="Postal code" maxLength={20} autoComplete="postal-code" {...input("postal_code", "/address/postal_code")} />
          <TextInput label="City" required maxLength={100} autoComplete="address-level2" {...input("city", "/address/city")} />
          <TextInput
            label="State"
            placeholder={india ? "KA" : undefined}
            maxLength={100}
            autoComplete="address-level1"
            {...input("state", "/address/state")}
          />
          <NativeSelect label="Country" required disabled={!manages} autoComplete="country" data={COUNTRIES} {...field("country")} error={problem?.field("/country")} />
          {india ? (
            <TextInput label="GSTIN" description="Of a business that is registered for GST" maxLength={15} {...input("gstin")} />
          ) : (
            <TextInput label="VAT id" description="Of a business in the European Union" maxLength={20} {...input("vat_id")} />
          )}
        </SimpleGrid>
        {save.error && !problem?.body.errors && <Trouble error={save.error} />}
        {manages && (
          <Group>
            <Button type="submit" loading={save.isPending}>
              Save
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}
