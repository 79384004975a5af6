import { Button, Group, Menu, Modal, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconRotateClockwise, IconSelector } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useNavigate } from "react-router";
import { request } from "../api/client";
import { ROLES } from "../api/roles";
import { useSwitch } from "../api/session";
import type { Me, Membership, Tenant } from "../api/types";
import { Confirm } from "./confirm";
import { Trouble } from "./trouble";

/** The organisation in the header: which it is, the others to switch to, and a new one. */
export function Switcher({ me }: { me: Me }) {
  const [creating, setCreating] = useState(false);
  const [restoring, setRestoring] = useState<Membership | null>(null);
  const switchTo = useSwitch();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const current = me.memberships.find((membership) => membership.tenant_id === me.tenant_id);
  const name = current?.name ?? "No organisation";
  return (
    <>
      <Menu position="bottom-start" width={290} shadow="md" loop onOpen={() => void queries.invalidateQueries({ queryKey: ["me"] })}>
        <Menu.Target>
          <Button
            variant="subtle"
            color="gray"
            c="var(--mantine-color-text)"
            px="xs"
            rightSection={<IconSelector size={16} aria-hidden />}
            aria-label={`Organisation: ${name}`}
            className="switcher"
          >
            <Text span truncate fw={500}>
              {name}
            </Text>
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {me.memberships.length > 0 && (
            <Menu.RadioGroup
              value={me.tenant_id ?? ""}
              onChange={(tenant) => {
                if (tenant !== me.tenant_id) void switchTo(tenant).then(() => navigate("/"));
              }}
            >
              <Menu.Label>Your organisations</Menu.Label>
              {me.memberships.map((membership) => (
                <OrganisationItem key={membership.tenant_id} membership={membership} restore={() => setRestoring(membership)} />
              ))}
            </Menu.RadioGroup>
          )}
          {me.memberships.length > 0 && <Menu.Divider />}
          <Menu.Item leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setCreating(true)}>
            New organisation
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {creating && <NewOrganisation close={() => setCreating(false)} />}
      {restoring && <Restoration membership={restoring} close={() => setRestoring(null)} />}
    </>
  );
}

function OrganisationItem({ membership, restore }: { membership: Membership; restore: () => void }) {
  const { name, role, status } = membership;
  if (status === "deleted") {
    const mine = role === "owner";
    return (
      <Menu.Item
        leftSection={<IconRotateClockwise size={16} aria-hidden />}
        disabled={!mine}
        onClick={restore}
        aria-label={mine ? `Restore ${name}` : undefined}
      >
        <Labelled name={name} note={mine ? "Deleted. Restore it" : "Deleted. An owner can restore it"} />
      </Menu.Item>
    );
  }
  const stopped = status === "suspended" || status === "erasing" || status === "erased";
  return (
    <Menu.RadioItem value={membership.tenant_id} disabled={stopped} closeMenuOnClick>
      <Labelled
        name={name}
        note={status === "suspended" ? "Suspended. Ask Parley’s support" : stopped ? "Being erased" : ROLES[role].label}
      />
    </Menu.RadioItem>
  );
}

function Labelled({ name, note }: { name: string; note: string }) {
  return (
    <>
      <Text size="sm" truncate maw={220}>
        {name}
      </Text>
      <Text size="xs" c="dimmed">
        {note}
      </Text>
    </>
  );
}

function NewOrganisation({ close }: { close: () => void }) {
  const [name, setName] = useState("");
  const switchTo = useSwitch();
  const navigate = useNavigate();
  const create = useMutation({
    // It belongs to nobody yet, so it is asked for without naming an organisation.
    mutationFn: () => request<Tenant>("POST", "/api/v1/tenants", { name: name.trim() }, { tenant: null }),
    onSuccess: async (tenant) => {
      close();
      await switchTo(tenant.id);
      await navigate("/");
    },
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    create.mutate();
  }

  return (
    <Modal opened onClose={close} title="New organisation" closeButtonProps={{ "aria-label": "Close" }}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="Name"
            description="You become its owner. It has members, a plan and data of its own."
            required
            maxLength={200}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {create.error && <Trouble error={create.error} />}
          <Group justify="end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending} disabled={name.trim() === ""}>
              Create
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** Brings a deleted organisation back and goes there. */
export function Restoration({ membership, close }: { membership: Membership; close: () => void }) {
  const switchTo = useSwitch();
  return (
    <Confirm
      title={`Restore ${membership.name}?`}
      action="Restore"
      harmless
      close={close}
      run={async () => {
        await request("POST", "/api/v1/tenant/restoration", undefined, { tenant: membership.tenant_id });
        await switchTo(membership.tenant_id);
      }}
    >
      <Text>Its members, keys and data come back as they were.</Text>
    </Confirm>
  );
}
